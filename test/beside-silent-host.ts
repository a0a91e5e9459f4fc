import { startBlackboxExporter } from '@sonde/testkit/targets'
import { besideModules } from './beside-blackbox-cases.ts'
import { seriesOf } from './beside-blackbox-series.ts'

// Run in a network of its own, where that host is: prints what both tell of it.
const [host = ''] = process.argv.slice(2)
await using exporter = await startBlackboxExporter(besideModules(''))
const [ours, theirs] = await Promise.all([
  seriesOf({ kind: 'icmp', target: host, timeout: '1s', icmp: { count: 1 } }),
  exporter.probe('icmp_short', host),
])
console.log(JSON.stringify({ ours: [...ours], theirs }))
