import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard'
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { type Query, SqlTarget, seriesTarget } from './targets.ts'
import { postgres, prometheus } from './variables.ts'

/** Colours from the lowest value up: the first holds below every bound. */
export function thresholds(lowest: string, ...rest: [bound: number, color: string][]) {
  const steps: Threshold[] = [{ value: null, color: lowest }, ...rest.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

export const plain = () => thresholds('text')
/** Of a part of one that is to be up. */
export const levels = () => thresholds('red', [0.99, 'orange'], [0.999, 'green'])
/** Of a part of the error budget that is left. */
export const budgets = () => thresholds('red', [0, 'orange'], [0.25, 'green'])
/** Of the seconds until a certificate ends. */
export const expiries = () => thresholds('red', [3 * 86_400, 'orange'], [14 * 86_400, 'green'])
/** Of seconds that a probe took: red where the rule SondeCheckSlow begins. */
export const latencies = () => thresholds('green', [1, 'orange'], [2, 'red'])
/** Of a count that should be nought. */
export const faults = (color = 'red') => thresholds('green', [1, color])

/** One number, as it is now. */
export function stat(title: string, description: string, query: Query): StatBuilder {
  const panel = new StatBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(query))
    .height(4)
    .span(4)
    .unit('short')
    .thresholds(plain())
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
  return panel.withTarget(instant(query))
}

/** A bar a row of SQL: a word and a number. */
export function bars(title: string, description: string, query: Query): BarGaugeBuilder {
  return new BarGaugeBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(query))
    .height(8)
    .span(8)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(true).limit(25).fields(''))
    .withTarget(instant(query))
}

/** Lines over time, one a series; queries are of one data source. */
export function lines(title: string, description: string, ...queries: [Query, ...Query[]]): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(queries[0]))
    .height(8)
    .span(12)
    .unit('short')
    .thresholds(plain())
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
    .lineWidth(1)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  queries.forEach((query, index) => panel.withTarget(overTime(query, String.fromCharCode(65 + index))))
  return panel
}

/** The same, one on top of the other. */
export function stacked(title: string, description: string, ...queries: [Query, ...Query[]]): TimeseriesBuilder {
  return lines(title, description, ...queries)
    .fillOpacity(40)
    .min(0)
    .gradientMode(GraphGradientMode.None)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
}

/** Counts a step of time, one on top of the other. */
export function columns(title: string, description: string, ...queries: [Query, ...Query[]]): TimeseriesBuilder {
  return stacked(title, description, ...queries)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
}

/** How often a value fell into each bucket of a Prometheus histogram. */
export function heatmap(title: string, description: string, query: Query): HeatmapBuilder {
  return new HeatmapBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(query))
    .height(8)
    .span(12)
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .cellGap(1)
    .withTarget(seriesTarget(query, 'A').range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}'))
    .yAxis(new YAxisConfigBuilder().unit('s'))
    .unit('short')
    .thresholds(plain())
}

/** A band a series, coloured by its value. */
export function timeline(title: string, description: string, query: Query): StateTimelineBuilder {
  return new StateTimelineBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(query))
    .height(8)
    .span(12)
    .unit('none')
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .withTarget(overTime(query, 'A'))
    .mappings([upOrDown])
    .thresholds(thresholds('red', [1, 'green']))
}

/** A table of SQL, whose columns are headings already. */
export function table(title: string, description: string, query: Query): TableBuilder {
  return new TableBuilder()
    .title(title)
    .description(description)
    .datasource(sourceOf(query))
    .height(8)
    .span(24)
    .unit('none')
    .thresholds(plain())
    .showHeader(true)
    .withTarget(instant(query))
}

/**
 * Colours columns by their values, with bounds of their own. (Grafana's schema knows no other overrides than of objects by objects: a
 * table has one unit, and numbers that are of another come from SQL as text.)
 */
export function coloured(panel: TableBuilder, bounds: ThresholdsConfigBuilder, ...names: string[]): TableBuilder {
  return panel.withOverride({
    matcher: { id: 'byNames', options: { mode: 'include', names } },
    properties: [
      { id: 'thresholds', value: bounds.build() },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
    ],
  })
}

/** Colours the words of verdicts and outcomes, and only them. */
export function inWords(panel: TableBuilder): TableBuilder {
  return panel.mappings([words]).cellOptions({ type: TableCellDisplayMode.ColorText })
}

const words: ValueMap = {
  type: MappingType.ValueToText,
  options: {
    up: { color: 'green', index: 0 },
    down: { color: 'red', index: 1 },
    missed: { color: 'orange', index: 2 },
    open: { color: 'red', index: 3 },
    resolved: { color: 'green', index: 4 },
  },
}

/** "up" and "down" for 1 and 0. */
export const upOrDown: ValueMap = {
  type: MappingType.ValueToText,
  options: { 1: { text: 'up', color: 'green', index: 0 }, 0: { text: 'down', color: 'red', index: 1 } },
}

export function sourceOf({ language }: Query) {
  return language === 'promql' ? prometheus : postgres
}

export function instant(query: Query): Builder<Dataquery> {
  return query.language === 'sql' ? new SqlTarget(query, 'A', 'table') : seriesTarget(query, 'A').instant()
}

function overTime(query: Query, refId: string): Builder<Dataquery> {
  return query.language === 'sql' ? new SqlTarget(query, refId, 'time_series') : seriesTarget(query, refId).range()
}
