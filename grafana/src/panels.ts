import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

export const datasource = { type: 'prometheus', uid: '$datasource' }

/** Colours from the lowest value up: the first holds below every bound. */
export function thresholds(lowest: string, ...rest: [bound: number, color: string][]) {
  const steps: Threshold[] = [{ value: null, color: lowest }, ...rest.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

/** One number, as it is now. */
export function stat(title: string, description: string, expr: string): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .height(4)
    .span(4)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .withTarget(new DataqueryBuilder().refId('A').datasource(datasource).expr(expr).instant())
}

/** Lines over time, one a series. */
export function lines(title: string, description: string, expr: string, legend: string): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .height(8)
    .span(12)
    .lineWidth(1)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .withTarget(new DataqueryBuilder().refId('A').datasource(datasource).expr(expr).legendFormat(legend).range())
}

/** The same, one on top of the other. */
export function stacked(title: string, description: string, expr: string, legend: string): TimeseriesBuilder {
  return lines(title, description, expr, legend)
    .fillOpacity(40)
    .gradientMode(GraphGradientMode.None)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
}

/** A table of instant queries, one row for each set of labels. */
export function table(title: string, description: string, exprs: Record<string, string>): TableBuilder {
  const panel = new TableBuilder().title(title).description(description).datasource(datasource).showHeader(true)
  for (const [refId, expr] of Object.entries(exprs)) {
    const query = new DataqueryBuilder().refId(refId).datasource(datasource).expr(expr).instant()
    panel.withTarget(query.format(PromQueryFormat.Table))
  }
  return panel
}

/** The columns of a table in order, field by heading; all others are hidden. */
export function columns(headings: Record<string, string>) {
  return {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(Object.keys(headings).map((field, index) => [field, index])),
      renameByName: headings,
      includeByName: Object.fromEntries(Object.keys(headings).map((field) => [field, true])),
    },
  }
}

/** Colours for the words "up" and "down". */
export const upAndDownColours: ValueMap = {
  type: MappingType.ValueToText,
  options: { up: { color: 'green', index: 0 }, down: { color: 'red', index: 1 } },
}
