/** After this long a fast shutdown becomes an immediate one, and a little later SIGKILL. */
const fastShutdownSeconds = 15
const killSeconds = fastShutdownSeconds + 5

/**
 * A shell that runs `"$@"` until its standard input ends, then stops it: Sonde holds the other end of that pipe, and the
 * system closes it however Sonde ends, `kill -9` included. It ends with its program, under the same exit code.
 *
 * 1. The program starts in the background, holding no end of the pipe.
 * 2. A watcher reads the pipe; at its end it asks for a fast shutdown (SIGINT), an immediate one, and kills at last.
 * 3. The shell waits for the program (a signal of its own asks for a fast shutdown too) and takes the watcher with it.
 */
export const keeperScript = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
  while read -r _; do :; done <&3
  kill -INT $server
  n=0
  while kill -0 $server; do
    n=$((n + 1))
    [ $n -ne ${fastShutdownSeconds * 5} ] || kill -QUIT $server
    [ $n -ne ${killSeconds * 5} ] || kill -KILL $server
    sleep 0.2
  done
} 2>/dev/null &
watcher=$!
exec 3<&-
trap 'kill -INT $server' INT TERM HUP
while :; do
  wait $server
  code=$?
  kill -0 $server 2>/dev/null || break
done
kill $watcher 2>/dev/null
wait $watcher 2>/dev/null
exit $code
`

/** How long the keeper may take at most from the end of its input to its own end. */
export const keeperStopMs = (killSeconds + 5) * 1000
