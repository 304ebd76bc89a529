import { Bars } from './Bars.tsx'
import { Empty, Part } from './Part.tsx'
import classes from './portal.module.css'
import { answered, type Usage } from './portal-api.ts'
import { usePart, usePortal } from './portal-context.tsx'

/** What was used in the periods under way. */
export function UsagePart() {
  const { words } = usePortal()
  const usage = usePart(['usage'], (api) => answered(api.GET('/api/portal/v1/usage')))
  return (
    <Part title={words.usage} query={usage} height={260}>
      {({ data }) =>
        data.some(({ meters }) => meters.length > 0) ? (
          data.map((one) => <UsageOf key={`${one.plan} ${one.periodStart}`} usage={one} />)
        ) : (
          <Empty>{words.usageEmpty}</Empty>
        )
      }
    </Part>
  )
}

function UsageOf({ usage }: { readonly usage: Usage }) {
  const { words, format } = usePortal()
  if (usage.meters.length === 0) return null
  return (
    <>
      <p className={classes.hint}>
        {usage.plan} · {format.period(usage.periodStart, usage.periodEnd)}
      </p>
      <div className={classes.cards}>
        {usage.meters.map((meter) => (
          <article key={meter.name} className={classes.card}>
            <h3 className={classes.name}>{meter.name}</h3>
            <p className={classes.figure}>
              {meter.quantity === null ? '–' : format.quantity(meter.quantity)}
              <span className={classes.unit}> {meter.unit}</span>
            </p>
            <p className={classes.hint}>
              {meter.included ? words.usedOf(format.quantity(meter.included)) : ' '}
            </p>
            <Bars name={meter.name} series={meter.series} window={usage.window} />
          </article>
        ))}
      </div>
    </>
  )
}
