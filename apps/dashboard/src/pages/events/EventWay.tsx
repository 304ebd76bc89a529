import { Group, Stack, Text } from '@mantine/core'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { EventWay, UsageEvent } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { formatPeriod } from '../../ui/format.ts'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Quantity, StateBadge } from '../../ui/values.tsx'
import { nameOfCustomer } from '../customers/names.ts'
import classes from './EventWay.module.css'

type Station = EventWay['meters'][number]
type Billing = NonNullable<Station['billing']>

const COUNTING_ASKED_MS = 3_000

function wayQuery({ api, key }: Environment, { eventId, corrections }: UsageEvent) {
  return {
    queryKey: [...key, 'events', eventId, 'way', corrections.length],
    queryFn: () =>
      answered(api.GET('/api/v1/events/{eventId}/way', { params: { path: { eventId } } })),
    refetchInterval: ({ state }: { state: { data?: EventWay | undefined } }) =>
      state.data?.counted === false ? COUNTING_ASKED_MS : false,
  }
}

/** From the event to the money: the meters that read it, the period it fell in, the lines that it is billed on. */
export function WayOfEvent({ event }: { readonly event: UsageEvent }) {
  const environment = useEnvironment()
  return (
    <Loaded query={wayQuery(environment, event)} height={140}>
      {({ meters, counted }) =>
        meters.length === 0 ? (
          <EmptyState title="No meter reads it">
            It is stored, and a meter of “{event.name}” that is made later counts it as well.
          </EmptyState>
        ) : (
          <Stack gap="sm">
            {!counted && (
              <Text size="sm" c="dimmed" role="status">
                It is stored and will be in the totals within seconds.
              </Text>
            )}
            <ol className={classes.ways} aria-label="Meters that read it">
              {meters.map((station) => (
                <li key={station.meterId} className={classes.way}>
                  <MeterStep station={station} />
                  <PeriodStep station={station} />
                  <InvoiceStep station={station} />
                </li>
              ))}
            </ol>
          </Stack>
        )
      }
    </Loaded>
  )
}

const OUTCOMES: Readonly<Record<Station['outcome'], string>> = {
  counted: 'counted',
  filtered: 'not counted',
  no_value: 'not counted',
  void: 'void',
}

function MeterStep({ station }: { readonly station: Station }) {
  const { paths } = useEnvironment()
  return (
    <div className={classes.step}>
      <div className={classes.label}>Meter</div>
      <Group gap={8}>
        <PageLink to={paths.meter(station.meter)}>{station.name}</PageLink>
        <StateBadge state={station.outcome} label={OUTCOMES[station.outcome]} />
      </Group>
      <Text size="sm" c="dimmed" component="div">
        <Reading station={station} />
      </Text>
    </div>
  )
}

function Reading({ station }: { readonly station: Station }) {
  const { outcome, value, uniqueValue, unit, aggregation } = station
  if (outcome === 'filtered') return 'The filter of the meter leaves it out.'
  if (outcome === 'no_value') return 'It has not what the meter reads.'
  if (outcome === 'void') return 'It was declared void and counts no more.'
  if (uniqueValue !== null) return `${uniqueValue}, once however often it comes`
  if (value === null) return 'as one event'
  return (
    <>
      <Quantity value={value} {...(unit ? { unit } : {})} /> into its {aggregation}
    </>
  )
}

function PeriodStep({ station: { billing, outcome } }: { readonly station: Station }) {
  const { paths } = useEnvironment()
  if (!billing)
    return (
      <div className={classes.step}>
        <div className={classes.label}>Period</div>
        <Text size="sm" c="dimmed">
          {outcome === 'counted' ? 'No subscription had a price for it at that time.' : '–'}
        </Text>
      </div>
    )
  const { period, plan, planVersion, customerId, subscriptionId } = billing
  return (
    <div className={classes.step}>
      <div className={classes.label}>Period</div>
      <Group gap={8}>
        <PageLink to={paths.subscription(subscriptionId)}>
          {period ? formatPeriod(period.start, period.end) : 'not begun'}
        </PageLink>
        {period && <StateBadge state={period.state} />}
      </Group>
      <Text size="sm" c="dimmed">
        {nameOfCustomer(customerId)} on {plan}, version {planVersion}
      </Text>
    </div>
  )
}

function InvoiceStep({ station: { billing } }: { readonly station: Station }) {
  const { paths } = useEnvironment()
  return (
    <div className={classes.step}>
      <div className={classes.label}>Invoice</div>
      {billing?.invoices.map(({ invoiceId, number, status, lines }) => (
        <div key={invoiceId}>
          <Group gap={8}>
            <PageLink to={paths.invoice(invoiceId)}>{number ?? 'Draft'}</PageLink>
            <StateBadge state={status} />
          </Group>
          <Text size="sm" c="dimmed">
            {lines.length === 1 ? 'Line' : 'Lines'} {lines.map(({ lineNo }) => lineNo).join(', ')}
            {lines.some(({ late }) => late) ? ', as it came late' : ''}
          </Text>
        </div>
      ))}
      {billing === null && (
        <Text size="sm" c="dimmed">
          –
        </Text>
      )}
      {billing?.invoices.length === 0 && <Unbilled billing={billing} />}
    </div>
  )
}

function Unbilled({ billing }: { readonly billing: Billing }) {
  const { paths } = useEnvironment()
  const { term, period, subscriptionId } = billing
  if (term !== 'billed')
    return (
      <Text size="sm" c="dimmed">
        {term === 'trial' ? 'In a trial: never billed.' : 'In a pause: never billed.'}
      </Text>
    )
  return (
    <Text size="sm" c="dimmed">
      {period?.state === 'open' ? 'The period is still open: ' : 'On none yet: '}
      <PageLink to={paths.subscription(subscriptionId)} isInText>
        preview
      </PageLink>
    </Text>
  )
}
