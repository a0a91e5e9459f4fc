#!/bin/sh
# Prints the users of Sonde's Redis as an ACL file (Redis 7 or Valkey): `default`, with every right, for the control plane, and
# `worker-<region>` for the workers of each region. Passwords are taken from the environment and printed as hashes:
#   REDIS_PASSWORD=… REDIS_PASSWORD_EU=… REDIS_PASSWORD_US_EAST=… sh users.sh > users.acl            (regions eu and us-east)
#   … sh users.sh cluster > users.acl                                      (for each node of a cluster, whose keys have hash tags)
set -eu

hash_of() { printf %s "$1" | sha256sum | cut -c1-64; }
queue() { if [ "$cluster" = cluster ]; then printf 'sonde:{%s}:' "$1"; else printf 'sonde:%s:' "$1"; fi; }
cluster=${1-}

# What a connection says before it works; TIME is the clock that workers go by.
connection='+ping +time +client|setname'
[ "$cluster" != cluster ] || connection="$connection +cluster|slots"
# What the scripts of BullMQ do with the region's own queue: add, take, extend the lock, complete, give back.
scripts='+eval +evalsha +multi +exec +bzpopmin
 +del +exists +get +set +incr +persist +pexpire +pttl
 +hdel +hexists +hget +hgetall +hincrby +hmget +hmset +hset
 +llen +lpos +lpush +lrange +lrem +ltrim +rpoplpush +rpush
 +sadd +scard +smembers +srem +xadd +xtrim
 +zadd +zcard +zpopmin +zrange +zrangebyscore +zrem +zremrangebyrank +zremrangebyscore +zrevrange +zrevrangebyscore +zscore'

printf 'user default on #%s ~* &* +@all\n' "$(hash_of "${REDIS_PASSWORD:?the password of the control plane}")"
env | sed -n 's/^REDIS_PASSWORD_\([A-Z0-9_]\{1,\}\)=.*/\1/p' | sort | while read -r name; do
  region=$(printf %s "$name" | tr 'A-Z_' 'a-z-')
  eval "password=\$REDIS_PASSWORD_$name"
  results=$(queue results)
  # In parentheses is what may be done with `results`: a new number, a new job under it, and word of it. Nothing reads a job.
  # (EVALSHA asks for every right on the keys that it is told; what it does with them is then looked at command by command.)
  printf 'user worker-%s on #%s resetchannels -@all %s %s ~%s*' \
    "$region" "$(hash_of "$password")" "$connection" "$(echo $scripts)" "$(queue "probes.$region")"
  printf ' (+eval +evalsha ~%s*)' "$results"
  printf ' (+incr ~%sid)' "$results"
  printf ' (+hget +hmget +hset ~%smeta)' "$results"
  printf ' (+hmset +hset %%W~%s[0-9]*)' "$results"
  printf ' (+lpush %%W~%swait)' "$results"
  printf ' (+zadd %%W~%smarker)' "$results"
  printf ' (+xadd %%W~%sevents)\n' "$results"
done
