import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertPolicy } from '../alert-policy.ts'
import { judgeCertChange, type LeafCertificate } from './cert-change.ts'
import { judgeCertExpiry } from './cert-expiry.ts'
import { judgeChannelDead } from './channel-dead.ts'
import type { Decision, OpenIncident } from './decision.ts'
import { judgeLatency } from './latency.ts'
import { judgeRegionSilent } from './region-silent.ts'
import { judgeRegionSuspect } from './region-suspect.ts'
import type { timedRules } from './registry.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const minute = 60_000
const day = 86_400_000
type Judge = (open: OpenIncident | null, nowMs: number) => Decision

const check = {
  key: 'shop',
  enabled: true,
  intervalMs: 30_000,
  timeoutMs: 5000,
  alerts: AlertPolicy.parse({ latency: { percentile: 95, above: '800ms', over: '5m' } }),
}
const leaf = (sha256: string, keyType: string): LeafCertificate => ({
  sha256,
  subject: 'CN=shop',
  issuer: 'CN=R1, O=CA',
  san: ['shop.example'],
  keyType,
  notBeforeMs: start - 80 * day,
  notAfterMs: start + 10 * day,
})
const seenBy = fc.uniqueArray(fc.constantFrom('shop', 'api', 'blog'), { maxLength: 3 })

/** What each rule may be told at some instant, as one that judges by it. */
const told: Record<keyof typeof timedRules, fc.Arbitrary<Judge>> = {
  latency: fc
    .uniqueArray(
      fc.record({
        region: fc.constantFrom('eu', 'us', 'ap'),
        count: fc.integer({ min: 0, max: 20 }),
        slow: fc.integer({ min: 0, max: 5 }),
        valueMs: fc.option(fc.integer({ min: 600, max: 1000 })),
      }),
      { selector: ({ region }) => region, maxLength: 3 },
    )
    .map((latencies) => (open) => judgeLatency({ check, latencies }, open)),
  certExpiry: fc
    .record({ seenBy, muted: fc.boolean(), channel: fc.constantFrom('ops', 'web') })
    .map((drawn) => (open, nowMs) => {
      const certificate = { sha256: 'a', subject: 'CN=shop', issuer: 'CN=R1', notAfterMs: start + 3 * day }
      const witness = (key: string) => ({
        key,
        regions: ['eu'],
        thresholdsMs: [2 * day, day],
        channels: [drawn.channel],
      })
      return judgeCertExpiry(
        { certificate, seenBy: drawn.seenBy.map(witness), toldBefore: null, muted: drawn.muted },
        open,
        nowMs,
      )
    }),
  certChange: fc.record({ seenBy, isKnown: fc.boolean(), changes: fc.boolean() }).map((drawn) => (open, nowMs) => {
    const change =
      drawn.changes && drawn.seenBy.length > 0
        ? { before: leaf('a', 'ec'), after: leaf('b', 'rsa'), atMs: nowMs }
        : null
    return judgeCertChange({ ...drawn, change, region: 'eu', channels: ['ops'] }, open, nowMs)
  }),
  regionSuspect: fc
    .record({ failing: fc.integer({ min: 0, max: 12 }), fine: fc.integer({ min: 0, max: 12 }), out: fc.boolean() })
    .map(({ failing, fine, out }) => (open, nowMs) => {
      const common = { intervalMs: minute, lastSlotMs: nowMs - 1000, isDown: false }
      const sick = Array.from({ length: failing }, (_, index) => {
        const elsewhere = out ? ('bad' as const) : ('good' as const)
        return { ...common, host: `${index}`, failingSinceMs: nowMs - 1000, code: 'tcp_timeout', elsewhere }
      })
      return judgeRegionSuspect(
        { region: 'eu', witnesses: sick, fine: [{ lastSlotMs: nowMs, hosts: fine }] },
        open,
        nowMs,
      )
    }),
  regionSilent: fc
    .record({
      checks: fc.integer({ min: 0, max: 20 }),
      share: fc.integer({ min: 0, max: 10 }),
      heardAgoMs: fc.option(fc.integer({ min: 0, max: 3 * minute })),
      stillForMs: fc.option(fc.integer({ min: 0, max: 3 * minute })),
    })
    .map(({ checks, share, heardAgoMs, stillForMs }) => (open, nowMs) => {
      const heardMs = heardAgoMs === null ? null : nowMs - heardAgoMs
      const stillSinceMs = stillForMs === null ? null : nowMs - stillForMs
      const waitedSinceMs = heardMs ?? start
      const withoutData = Math.floor((checks * share) / 10)
      const facts = {
        region: 'eu',
        checks,
        withoutData,
        heardMs,
        waitedSinceMs,
        judgedSinceMs: start - day,
        stillSinceMs,
      }
      return judgeRegionSilent(facts, open, nowMs)
    }),
  channelDead: fc.boolean().map((gone) => (open) => {
    const missed = [{ checkKey: 'shop', type: 'incident.opened' }]
    return judgeChannelDead({ channel: 'ops', error: 'answered 500', gone, missed, missedCount: 1 }, open)
  }),
}

test.each(Object.entries(told))(
  '%s never opens twice, never resolves or updates what is not open, and judged again at once changes nothing',
  (_, judges) => {
    const step = fc.record({
      judge: judges,
      afterMs: fc.integer({ min: 1000, max: 12 * 60 * minute }),
      acknowledge: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const opened: OpenIncident[] = []
        let nowMs = start
        for (const { judge, afterMs, acknowledge } of steps) {
          nowMs += afterMs
          const before = opened.pop() ?? null
          const open = before === null || !acknowledge ? before : { ...before, acknowledged: true }
          const decision = judge(open, nowMs)
          if (decision.action === 'open') expect(open).toBeNull()
          if (decision.action === 'update' || decision.action === 'resolve') expect(open).not.toBeNull()
          if (decision.action === 'resolve') continue
          const fresh = { subject: '', openedMs: nowMs, acknowledged: false }
          const after =
            decision.action === 'nothing' ? open : { ...fresh, ...open, subject: decision.subject, ...decision.facts }
          if (after !== null) opened.push(after)
          expect(judge(after, nowMs).action).toBe('nothing')
        }
      }),
    )
  },
)
