import { loadSettings, variables } from '@sonde/config'
import {
  Check,
  type CheckKind,
  checkKinds,
  DomainError,
  missedResult,
  problemsOf,
  type Result,
  reasonsOf,
} from '@sonde/core'
import { CaFileError, type EgressPolicy, egressPolicy, probe } from '@sonde/probes'
import { readDocument } from '../document.ts'
import { exit, type Io, printableJson, UsageError } from '../io.ts'
import { drawResult } from './probe/draw.ts'
import { documentFrom, type Flag, flagsOf, readFlags } from './probe/flags.ts'
import { helpText } from './probe/help.ts'
import { inkFor } from './probe/ink.ts'

type ProbeIo = Pick<Io, 'stdout' | 'env'> & Partial<Pick<Io, 'stop'>>

/**
 * `sonde probe <kind> <target> [flags]`, or a whole check with `--spec`: one probe from here, without a service. Answers with
 * exit code 0 when the target is up and 1 when it is not or the probe could not run; throws what is wrong with the call or the document.
 */
export async function probeCommand(args: string[], io: ProbeIo): Promise<number> {
  const kind = args.find((arg) => !arg.startsWith('-'))
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout.write(`${helpText(isKind(kind) ? kind : undefined)}\n`)
    return exit.ok
  }
  const { SONDE_EGRESS_DENY: deny, SONDE_EGRESS_ALLOW: allow } = loadSettings(
    { SONDE_EGRESS_DENY: variables.SONDE_EGRESS_DENY, SONDE_EGRESS_ALLOW: variables.SONDE_EGRESS_ALLOW },
    io.env,
  )
  const { document, json } = readCall(args, io.env)
  const result = await probeOrMissed(readCheck(document), egressPolicy({ deny, allow }), io.stop)
  io.stdout.write(json ? asJson(result) : drawResult(result, inkFor(io.stdout, io.env)))
  return result.outcome === 'up' ? exit.ok : exit.failed
}

/** As a worker tells it: what is our own fault (no ping here, out of descriptors) is a result too, and says nothing of the target. */
async function probeOrMissed(check: Check, egress: EgressPolicy, stop: AbortSignal | undefined): Promise<Result> {
  const slot = new Date()
  try {
    return await probe(check, { region: 'local', slot, egress, ...(stop === undefined ? {} : { signal: stop }) })
  } catch (error) {
    if (stop?.aborted === true) throw error
    // A worker would be at fault; here it is the call, as the file that the document names is on this machine.
    const { cause } = error as Error
    if (cause instanceof CaFileError) throw new UsageError(`${caFilePath(check)}: ${cause.problem}`)
    return missedResult(check, 'local', slot.getTime(), 'worker_error', reasonsOf(error))
  }
}

// A day is more than the longest timeout, so that any timeout fits; nothing else hangs on the interval of a single probe.
const once = { key: 'probe', interval: '24h' }

function readCall(args: string[], env: NodeJS.ProcessEnv): { document: unknown; json: boolean } {
  const { values, positionals } = readFlags(args, flagsFor(args))
  const json = values.json === true
  if (typeof values.spec === 'string') {
    const [extra] = [...positionals, ...Object.keys(values).filter((name) => name !== 'spec' && name !== 'json')]
    if (extra !== undefined) throw new UsageError(`--spec has the whole check; "${extra}" does not go with it`)
    const document = readDocument(values.spec, env)
    // A check that is probed once needs no name.
    return { document: isMapping(document) ? { key: once.key, ...document } : document, json }
  }
  const [kind, target, extra] = positionals
  const kinds = Object.keys(checkKinds).join(', ')
  if (kind === undefined) throw new UsageError(`kind: expected one of ${kinds}; see sonde probe --help`)
  if (!isKind(kind)) throw new UsageError(`kind: expected one of ${kinds}, found "${kind}"`)
  if (target === undefined) throw new UsageError(`target: expected one; see sonde probe ${kind} --help`)
  if (extra !== undefined) throw new UsageError(`target: expected one, found "${extra}" besides`)
  return { document: { ...once, kind, target, ...documentFrom(values, flagsOf(kind)) }, json }
}

/** The flags of the kind that the call names; those that every kind has when it names none. */
function flagsFor(args: readonly string[]): Flag[] {
  return flagsOf(args.find(isKind))
}

function readCheck(document: unknown): Check {
  const parsed = Check.safeParse(document)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error)
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw new DomainError('invalid', text, problems)
}

function caFilePath({ kind }: Check): string {
  return kind === 'tls' ? 'tls.caFile' : `${kind}.tls.caFile`
}

function isKind(text: string | undefined): text is CheckKind {
  return text !== undefined && Object.hasOwn(checkKinds, text)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON leaves the C1 controls and the marks that turn a line round as they are; a terminal is not to see them. */
function asJson(result: Result): string {
  return `${printableJson(JSON.stringify(result, null, 2))}\n`
}
