import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame, lineToCheck, toCheck } from './frame.ts'
import { budgets, coloured, columns, faults, levels, lines, stat, table, thresholds } from './panels.ts'
import { burnRate } from './promql.ts'
import { budgetLeft, chosenCheck, chosenCounts, chosenRegion, good } from './sql.ts'
import { promql, sql } from './targets.ts'
import { objectiveVariable } from './variables.ts'

// Google's "The Site Reliability Workbook", chapter 5: 14.4 spends 2 % of a 30-day budget in an hour, 6 spends 5 % in six hours.
const burns = () => thresholds('green', [1, 'orange'], [6, 'dark-orange'], [14.4, 'red'])

/** Service levels over the time shown: what was promised, what was kept, and how fast the rest is spent. */
export function slo(): Dashboard {
  return frame({
    uid: 'sonde-slo',
    title: 'SLO',
    description: 'How much of each error budget is left over the time shown, and how fast it is spent.',
    from: 'now-30d',
    variables: [objectiveVariable],
  })
    .withPanel(
      stat('Availability', 'Up, of the slots that were judged.', sql(`select ${good} as up\n${chosenCounts()}`))
        .unit('percentunit')
        .decimals(3)
        .thresholds(levels()),
    )
    .withPanel(
      stat(
        'Error budget left',
        'Of all checks shown together.',
        sql(`select ${budgetLeft} as budget\n${chosenCounts()}`),
      )
        .unit('percentunit')
        .decimals(1)
        .thresholds(budgets()),
    )
    .withPanel(stat('Overdrawn', 'Checks with no budget left.', sql(overdrawn)).thresholds(faults()))
    .withPanel(stat('Down', 'Slots that count against the budget.', sql(counted('down'))).thresholds(faults('orange')))
    .withPanel(
      stat('Unknown', 'Slots whose probe never ran: neither good nor bad.', sql(counted('missed'))).thresholds(
        faults('orange'),
      ),
    )
    .withPanel(stat('Maintenance', 'Slots in a maintenance window: neither good nor bad.', sql(counted('maintenance'))))
    .withPanel(byCheck())
    .withPanel(burning())
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      lines(
        'Error budget',
        'What is left of the whole budget of the time shown, all checks shown together.',
        sql(burnDown),
      )
        .unit('percentunit')
        .max(1)
        .thresholds(budgets()),
    )
    .withPanel(columns('Slots down', 'By day (UTC) and check.', sql(downByDay)).thresholds(faults('orange')))
    .withPanel(
      lines(
        'Burn rate over an hour',
        'By check. 1 spends the budget just in time; from 14.4 on, a month of it lasts two days.',
        promql(burnRate('1h', ' by (job)'), '{{job}}'),
      )
        .min(0)
        .dataLinks(lineToCheck('objective'))
        .thresholds(burns()),
    )
    .withPanel(
      lines(
        'Burn rate over six hours',
        'By check. From 6 on, a month of budget lasts five days.',
        promql(burnRate('6h', ' by (job)'), '{{job}}'),
      )
        .min(0)
        .dataLinks(lineToCheck('objective'))
        .thresholds(burns()),
    )
    .build()
}

function counted(column: 'down' | 'missed' | 'maintenance'): string {
  return `select coalesce(sum(n.${column}), 0) as ${column}\n${chosenCounts()}`
}

const overdrawn = `select count(*) as overdrawn from (
select c.id\n${chosenCounts()}
group by c.id
having ${budgetLeft} < 0
) as checks`

const levelsOfChecks = `select c.key as "Check", ${good} as "Availability", ${budgetLeft} as "Budget left", sum(n.up)::text as "Good",
  sum(n.down)::text as "Bad", sum(n.missed)::text as "Unknown", sum(n.maintenance)::text as "Maintenance",
  round(sum(n.up + n.down) * (1 - $objective / 100.0), 1)::text as "Allowed",
  round(sum(n.up + n.down) * (1 - $objective / 100.0) - sum(n.down), 1)::text as "Left"
${chosenCounts()}
group by c.key
order by 3 nulls last, 1
limit 200`

function byCheck() {
  const panel = table('Service levels', 'Least budget left first; slots are counted.', sql(levelsOfChecks))
  return coloured(
    coloured(panel.unit('percentunit').dataLinks(toCheck('objective')), levels(), 'Availability'),
    budgets(),
    'Budget left',
  )
    .decimals(3)
    .span(15)
    .height(12)
}

function burning() {
  const rate = (window: string) => `sum(n.down) filter (where n.span = '${window}')
    / nullif(sum(n.up + n.down) filter (where n.span = '${window}'), 0) / (1 - $objective / 100.0) as "${window}"`
  const spans = ['5m', '1h', '6h'].map(
    (span) => `select '${span}' as span, * from counts_between(now() - interval '${span}', now())`,
  )
  const query = `select c.key as "Check", ${['5m', '1h', '6h'].map(rate).join(', ')}
from (${spans.join(' union all ')}) n
join check_facts c on c.id = n.check_id
join regions g on g.id = n.region_id
where ${chosenCheck}
  and ${chosenRegion}
group by c.key
order by 3 desc nulls last, 1
limit 200`
  const panel = table(
    'Burn rates',
    'As of now: how many times faster than allowed the budget is spent. Windows are whole spans of five minutes.',
    sql(query),
  )
  return coloured(panel.dataLinks(toCheck('objective')), burns(), '5m', '1h', '6h')
    .decimals(1)
    .span(9)
    .height(12)
}

const days = `from rollups_1d n
join check_facts c on c.id = n.check_id
join regions g on g.id = n.region_id
where $__timeFilter(n.start)
  and ${chosenCheck}
  and ${chosenRegion}`

const downByDay = `select $__timeGroupAlias(n.start,'1d'), c.key as metric, sum(n.down) as value
${days}
group by 1, 2
having sum(n.down) > 0
order by 1, 2`

const burnDown = `select d.time, 1 - sum(d.down) over (order by d.time) / nullif(sum(d.judged) over () * (1 - $objective / 100.0), 0) as "Left"
from (
select $__timeGroupAlias(n.start,'1h'), sum(n.down) as down, sum(n.up + n.down) as judged
${days.replace('rollups_1d', 'rollups_1h')}
group by 1
) as d
order by d.time`
