import { FrameGeometrySourceMode } from '@grafana/grafana-foundation-sdk/common'
import {
  ControlsOptionsBuilder,
  MapViewConfigBuilder,
  PanelBuilder,
  TooltipMode,
  TooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/geomap'
import { faults, instant, sourceOf } from './panels.ts'
import { chosenStates } from './sql.ts'
import { sql } from './targets.ts'

const query = `select g.name as "Region", g.latitude, g.longitude, count(*) filter (where s.verdict = 'down') as down, count(*) as checks,
  (select count(*) from workers w where w.region_id = g.id and w.seen_at > now() - interval '15 seconds') as workers
${chosenStates}
  and g.latitude is not null and g.longitude is not null
group by g.id
order by g.name`

const dimension = (field: string) => ({ field, fixed: '', mode: 'field' })

/** The regions that were given a place, coloured by how many checks are down as seen from there. */
export function regionMap(): PanelBuilder {
  return new PanelBuilder()
    .title('Regions')
    .description(
      'Checks that are down as seen from each region. Give regions their places by PUT /api/v1/regions/{name}.',
    )
    .datasource(sourceOf(sql(query)))
    .withTarget(instant(sql(query)))
    .unit('short')
    .thresholds(faults())
    .view(new MapViewConfigBuilder().id('fit').allLayers(true).padding(20).maxZoom(8))
    .controls(new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(true))
    .tooltip(new TooltipOptionsBuilder().mode(TooltipMode.Details))
    .basemap(layer({ type: 'default', name: 'World' }))
    .layers([
      layer({
        type: 'markers',
        name: 'Regions',
        tooltip: true,
        location: { mode: FrameGeometrySourceMode.Coords, latitude: 'latitude', longitude: 'longitude' },
        config: {
          showLegend: false,
          style: {
            color: { ...dimension('down'), fixed: 'green' },
            size: { fixed: 8, min: 4, max: 16 },
            opacity: 0.8,
            symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
            text: dimension('Region'),
            textConfig: { fontSize: 12, offsetX: 0, offsetY: 14, textAlign: 'center', textBaseline: 'middle' },
          },
        },
      }),
    ])
}

/** The SDK takes builders of layers, and has none but for what it generated. */
function layer<Layer>(value: Layer) {
  return { build: () => value }
}
