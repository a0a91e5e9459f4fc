import { type CheckKind, checkKinds } from '@sonde/core'
import { type Flag, flagsOf } from './flags.ts'

const targets: Record<CheckKind, string> = {
  http: 'URL',
  tls: 'HOST:PORT',
  dns: 'NAME',
  tcp: 'HOST:PORT',
  icmp: 'HOST',
}

/** What `sonde probe --help` says, of one kind or of all. */
export function helpText(kind: CheckKind | undefined): string {
  const kinds = kind === undefined ? (Object.keys(checkKinds) as CheckKind[]) : [kind]
  const common = flagsOf(undefined)
  const own = (one: CheckKind): Flag[] => flagsOf(one).filter((flag) => !common.includes(flag))
  return [
    'Usage: sonde probe <kind> <target> [flags]',
    '       sonde probe --spec FILE [--json]',
    '',
    'One probe from here. Exit code 0 when the target is up, 1 when it is not, 2 when',
    'the call or the document is wrong.',
    '',
    `  ${'--json'.padEnd(25)}  print the result document`,
    `  ${'--spec FILE'.padEnd(25)}  a whole check, in YAML or JSON; - is stdin`,
    ...common.map(line),
    ...kinds.flatMap((one) => ['', `sonde probe ${one} ${targets[one]}`, ...own(one).map(line)]),
  ].join('\n')
}

function line(flag: Flag): string {
  const value = flag.hint.length > 24 ? 'VALUE' : flag.hint
  const usage = flag.default === true ? `--no-${flag.name}` : `--${flag.name}${value === '' ? '' : ` ${value}`}`
  return `  ${usage.padEnd(25)}  ${remarks(flag, value)}`.trimEnd()
}

function remarks(flag: Flag, shown: string): string {
  const choices = shown === 'VALUE' && flag.type === 'text' ? flag.hint.replaceAll('|', ' ') : ''
  const plain = typeof flag.default === 'string' || typeof flag.default === 'number'
  const fallback = plain ? `default ${flag.default}` : ''
  const repeated = flag.type === 'list' || flag.type === 'mapping' ? 'may be repeated' : ''
  return [choices, fallback, repeated].filter((part) => part !== '').join('; ')
}
