import { z } from 'zod'
import { type Draft, drafted, keyOf, NoCounterpart, withoutNamesakes } from './draft.ts'

const openmeterMeter = z.looseObject({
  slug: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  aggregation: z.string(),
  eventType: z.string(),
  valueProperty: z.string().nullish(),
  groupBy: z.record(z.string(), z.string()).nullish(),
})

const AGGREGATIONS: Readonly<Record<string, string>> = {
  COUNT: 'COUNT',
  SUM: 'SUM',
  AVG: 'AVG',
  MIN: 'MIN',
  MAX: 'MAX',
  LATEST: 'LAST',
  UNIQUE_COUNT: 'UNIQUE',
}

/** Meters of OpenMeter, as its API lists them. */
export function fromOpenmeter(meters: readonly unknown[]): Draft {
  const all = meters.map((meter) => openmeterMeter.parse(meter))
  const drafts = all.map((meter) => drafted(keyOf(meter.slug), () => draftMeter(meter)))
  return { meters: withoutNamesakes(drafts), plans: [] }
}

function draftMeter({ slug, name, eventType, ...meter }: z.output<typeof openmeterMeter>) {
  const aggregation = AGGREGATIONS[meter.aggregation]
  if (!aggregation) throw new NoCounterpart(`there is no aggregation "${meter.aggregation}" here`)
  const valueProperty =
    aggregation === 'COUNT' || !meter.valueProperty ? null : propertyOf(meter.valueProperty)
  const groups = Object.entries(meter.groupBy ?? {}).map(([group, at]) => ({
    group,
    property: propertyOf(at).join('.'),
  }))
  const renamed = groups.filter(({ group, property }) => group !== property)
  return {
    body: {
      ...{ name: name || slug, eventName: eventType, aggregation, valueProperty },
      groupBy: [...new Set(groups.map(({ property }) => property))],
    },
    notes: renamed.map(
      ({ group, property }) => `its group "${group}" is called "${property}" here`,
    ),
  }
}

const JSON_PATH = /^\$((?:\.[A-Za-z_][\w-]*)+)$/

/** A property that a path of names leads to, which is what their paths mostly are. */
function propertyOf(path: string): string[] {
  const names = JSON_PATH.exec(path)?.[1]
  if (!names) throw new NoCounterpart(`the path ${path} is more than names with dots between them`)
  return names.slice(1).split('.')
}
