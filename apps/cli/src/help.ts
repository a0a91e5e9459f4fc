const trustProxy =
  '--trust-proxy NETWORKS   reverse proxies whose X-Forwarded-* is believed (SONDE_TRUST_PROXY; nobody)'

/** What `sonde <command> --help` says; `sonde probe` draws its own from its flags. */
export const help: Readonly<Record<string, string>> = {
  up: `Usage: sonde up [--config FILE] [--regions NAMES] [--trust-proxy NETWORKS]

Runs everything on this machine until it is stopped, and prints a line a result.

  --config FILE            the configuration to apply at the start (sonde.yaml, if there is one)
  --regions NAMES          regions to run a worker in, separated by commas (local)
  ${trustProxy}`,

  apply: `Usage: sonde apply -f FILE [-f FILE …] [--dry-run] [--prune]

Makes the server match the files: prints a plan, then carries it out, all of it or nothing. SONDE_URL and SONDE_TOKEN say where.

  -f, --file FILE   a file, a folder (all *.yaml, *.yml and *.json in it), or - for stdin; may be repeated
  --dry-run         only print the plan; exit code 0 when there is nothing to do, 2 when there is, 1 when it failed
  --prune           delete what the same manager's files had and have no more
  --manager NAME    who manages what the files have; goes before the files' own (apply)
  --take-over       take what another manager has
  --strict          warnings are mistakes
  --json            print the plan as JSON`,

  export: `Usage: sonde export [--merge FILE] [-o FILE]

Prints what the server has as a file that apply takes. Secrets are sealed: they open on the same server alone.

  --format FORMAT   yaml or json (yaml)
  --manager NAME    only what this manager has
  --merge FILE      bring this file, or a folder, up to what the server has; comments, order, templates and references stay
  -o, --output FILE write there; may be the file of --merge`,

  validate: `Usage: sonde validate -f FILE [-f FILE …] [--strict]

Checks files as apply would read them, without a server. Prints every mistake as FILE:LINE:COLUMN and exits with 2; 0 when there is none.
Variables and files that are not here are only warned of, so that a pull request can be checked without secrets.

  -f, --file FILE   a file, a folder, or - for stdin; may be repeated
  --strict          warnings are mistakes`,

  schema: `Usage: sonde schema

Prints the JSON Schema (2020-12) of a configuration file. In the first line of a file it makes editors complete and check it:

  # yaml-language-server: $schema=sonde.schema.json`,

  token: `Usage: sonde token create --name NAME --scope SCOPE… [--label NAME=VALUE…] [--expires 90d]
       sonde token list
       sonde token revoke ID

Makes, shows and revokes tokens for the API. create prints the token once, alone on stdout.

  --name NAME          who holds it
  --scope SCOPE…       read, write, run or admin; several after one another, or repeated
  --label NAME=VALUE   only for checks that have this label; may be repeated
  --expires WHEN       a duration from now (90d), or an instant; for ever without it
  --json               print all of it as JSON`,

  audit: `Usage: sonde audit verify [-f FILE] [--head ID:HASH]
       sonde audit export
       sonde audit erase [--token ID] [--before DATE]

Reads the audit log: who did what, from where, when. SONDE_URL and SONDE_TOKEN say of which server.

verify follows the chain of hashes from the first entry to the last, and prints the head of the chain. Exit code 1 when an entry was
changed, left out or put in between. What is missing at the end shows against a head that was noted somewhere else.

  -f, --file FILE   follow an export in place of the server's log; - for stdin
  --head ID:HASH    a head that an earlier verify printed; the log must still have it

export prints the log as JSON lines, oldest first, with all that its hashes are over.

erase takes out what entries say of persons (names, addresses, documents); the entries and their chain stay.

  --token ID        in what was done with this token
  --before DATE     in what is older than this instant, such as 2026-01-01T00:00:00Z; both: what is both`,

  secrets: `Usage: sonde secrets status
       sonde secrets rotate

The keys that secrets are sealed with. SONDE_URL and SONDE_TOKEN say of which server.

status prints each key's id, whether it seals, opens or is missing, and how many checks and channels it holds.
rotate seals all of them anew with the first key of the server's SONDE_SECRET_KEY; it may be run again. Exit code 1 while another
key still holds something.

To change the key, with a restart of every process at each step: SONDE_SECRET_KEY=OLD,NEW; then NEW,OLD; then sonde secrets rotate;
then NEW alone.`,

  migrate: `Usage: sonde migrate

Brings the schema of DATABASE_URL up to date, and that of the queue where it is in PostgreSQL.`,

  worker: `Usage: sonde worker --region NAME

Runs the probes of one region, until it is stopped.

  --region NAME     the region (SONDE_REGION)`,
  api: `${roleHelp('api', 'REST and metrics', ' [--trust-proxy NETWORKS]')}

  ${trustProxy}`,
  scheduler: roleHelp('scheduler', 'decides what is due'),
  ingester: roleHelp('ingester', 'writes results and verdicts'),
  notifier: roleHelp('notifier', 'tells channels of incidents'),
}

function roleHelp(role: string, does: string, flags = ''): string {
  return `Usage: sonde ${role}${flags}\n\nOne role alone (${does}), configured by the environment, until it is stopped.`
}

export const usage = `Usage: sonde <command>; sonde <command> --help says more

  up [--config sonde.yaml] [--regions local]   everything on this machine
  probe <kind> <target> [flags]                one probe from here

  apply -f FILE [--dry-run] [--prune]          make the server match a file or a folder
  validate -f FILE                             check a file without a server
  export [--merge FILE]                        what the server has, as a file
  schema                                       the JSON Schema of a file, for editors
  token create | list | revoke                 who may ask the API

  audit verify | export | erase                what was done, by whom
  secrets status | rotate                      the keys that secrets are sealed with

  api | scheduler | ingester | notifier        one role alone, configured by environment
  worker --region NAME                         the probes of one region
  migrate                                      bring the database schema up to date`
