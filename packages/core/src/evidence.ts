import { RegionName } from './check.ts'
import { z } from './messages.ts'

const Line = z.string().max(500)
const Name = z.string().max(255)

/** How the target answers over one of the two address families. */
export const FamilyEvidence = z.object({
  family: z.union([z.literal(4), z.literal(6)]),
  address: Name.nullable(),
  outcome: z.enum(['up', 'down']),
  code: z.string().max(64).nullable(),
  message: Line.nullable(),
  durationMs: z.number(),
})
export type FamilyEvidence = z.output<typeof FamilyEvidence>

/** What one of the resolvers says that are asked beside the check's own. */
export const ResolverEvidence = z.object({
  server: Name,
  rcode: z.string().max(32).nullable(),
  answers: z.array(Name).max(16),
  error: Line.nullable(),
})
export type ResolverEvidence = z.output<typeof ResolverEvidence>

/** The way to an address, as far as it shows itself: a line a hop. */
export const TraceEvidence = z.object({
  address: Name,
  reached: z.boolean(),
  hops: z.array(z.string().max(200)).max(40),
})
export type TraceEvidence = z.output<typeof TraceEvidence>

const ChainEvidence = z.array(
  z.object({ subject: Line, issuer: Line, notAfter: z.string().max(64), sha256: z.string().max(128) }),
)

/** What a region's worker saw right after an incident opened. Bounded, as the target says most of it. */
export const Evidence = z.object({
  region: RegionName,
  takenAt: z.iso.datetime(),
  /** It is what could be seen within a moment, for the first message; the whole takes its place. */
  partial: z.boolean().default(false),
  families: z.array(FamilyEvidence).max(2),
  resolvers: z.array(ResolverEvidence).max(4),
  chain: ChainEvidence.max(10).nullable(),
  trace: TraceEvidence.nullable(),
})
export type Evidence = z.output<typeof Evidence>

const Opening = z.looseObject({ opening: z.record(z.string(), Evidence).default({}) })

/** What regions saw, of all that is kept with an incident; what cannot be read is left out. */
export function openingEvidence(kept: unknown): Evidence[] {
  return Object.values(Opening.safeParse(kept).data?.opening ?? {})
}

const maxRegions = 3

/** What it shows, a line each, for a message to people: what differs between families and resolvers, and where the way ends. */
export function evidenceLines(all: readonly Evidence[]): string[] {
  const shown = all.slice(0, maxRegions)
  return shown.flatMap((one) => {
    const prefix = shown.length > 1 ? `${one.region}: ` : ''
    return [...familyLines(one), ...resolverLines(one), ...chainLines(one), ...traceLines(one)].map(
      (line) => prefix + line,
    )
  })
}

function familyLines({ families }: Evidence): string[] {
  if (families.length === 0) return []
  const where = ({ family, address }: FamilyEvidence) => (address === null ? `over IPv${family}` : `to ${address}`)
  const how = ({ outcome, code }: FamilyEvidence) => (outcome === 'up' ? 'works' : `fails (${code})`)
  const alike = [...Map.groupBy(families, how)].map(([said, own]) => `${own.map(where).join(' and ')} ${said}`)
  return [`connecting ${alike.join(', ')}`]
}

function resolverLines({ resolvers }: Evidence): string[] {
  const answers = resolvers.map(
    ({ rcode, answers: found, error }) => error ?? (found.length > 0 ? [...found].sort().join(' ') : String(rcode)),
  )
  if (answers.length === 0) return []
  const [first] = answers
  if (answers.every((answer) => answer === first)) return [`other resolvers say ${first}`]
  return [`resolvers differ: ${resolvers.map(({ server }, index) => `${server} says ${answers[index]}`).join(', ')}`]
}

function chainLines({ chain }: Evidence): string[] {
  const [leaf] = chain ?? []
  return leaf === undefined ? [] : [`certificate ${leaf.subject}, until ${leaf.notAfter}, by ${leaf.issuer}`]
}

function traceLines({ trace }: Evidence): string[] {
  if (trace === null || trace.hops.length === 0) return []
  const last = trace.hops.at(-1)
  return [
    trace.reached
      ? `the way to ${trace.address} is open, ${trace.hops.length} hops`
      : `the way to ${trace.address} ends after: ${last}`,
  ]
}
