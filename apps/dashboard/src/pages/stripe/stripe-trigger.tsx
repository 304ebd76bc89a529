import { Box } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { OutLink, PageLink, Tile, Tiles } from '../../ui/page.tsx'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { AccountNotice } from './AccountNotice.tsx'
import { InvoicesAtStripe } from './InvoicesAtStripe.tsx'
import { Reconciliation } from './Reconciliation.tsx'
import { SyncRecords } from './SyncRecords.tsx'
import { stripeUrl } from './stripe-links.ts'
import { RetryRefused, SwitchTrigger } from './TriggerActions.tsx'
import { triggerType } from './trigger-types.ts'
import { COLLECTION_METHODS, PRORATIONS } from './trigger-values.ts'
import { MeterName, TriggerName, triggerState } from './triggers-list.tsx'

const REFRESH_MS = 5_000

function triggerQuery({ api, key }: Environment, triggerId: string) {
  return {
    queryKey: [...key, 'stripe-sync', triggerId],
    queryFn: () =>
      answered(api.GET('/api/v1/stripe/triggers/{triggerId}', { params: { path: { triggerId } } })),
    refetchInterval: REFRESH_MS,
  }
}

export function StripeTriggerPage() {
  const environment = useEnvironment()
  const { triggerId } = useParams({ strict: false }) as { triggerId: string }
  return (
    <RealTime>
      <Loaded query={triggerQuery(environment, triggerId)} height={520}>
        {(trigger) => <TriggerRecord trigger={trigger} />}
      </Loaded>
    </RealTime>
  )
}

function TriggerRecord({ trigger }: { readonly trigger: StripeTrigger }) {
  const { sentence, tells } = triggerType(trigger.type)
  return (
    <RecordPage
      title={<TriggerName trigger={trigger} />}
      badge={<StateBadge state={triggerState(trigger)} />}
      sentence={sentence}
      record={trigger}
      call={`GET /api/v1/stripe/triggers/${trigger.id}`}
      actions={
        <>
          <RetryRefused trigger={trigger} />
          <SwitchTrigger trigger={trigger} />
        </>
      }
      facts={useFacts(trigger)}
      tabs={[
        tells === 'invoices'
          ? { id: 'records', label: 'Invoices', content: <InvoicesAtStripe trigger={trigger} /> }
          : { id: 'records', label: 'Records', content: <SyncRecords trigger={trigger} /> },
        ...(tells === 'usage'
          ? [
              {
                id: 'reconciliation',
                label: 'Reconciliation',
                content: <Reconciliation trigger={trigger} />,
              },
            ]
          : []),
      ]}
    >
      <AccountNotice accountId={trigger.accountId} />
      <Box mt="lg">
        <Figures trigger={trigger} />
      </Box>
    </RecordPage>
  )
}

function useFacts(trigger: StripeTrigger) {
  const { mode, paths } = useEnvironment()
  const { accountId, type, meter, priceId, stripeMeterId, eventName, prorationBehavior } = trigger
  const { label, tells } = triggerType(type)
  const atStripe = (id: string, page: string) => (
    <OutLink href={stripeUrl(mode, accountId, page)}>{id}</OutLink>
  )
  const unknown = {
    'Unknown customers': trigger.createCustomers ? 'made at Stripe' : 'wait until linked',
  }
  if (tells === 'invoices' || meter === null)
    return { Type: label, 'At Stripe': inWords(trigger), ...unknown, Id: <Id value={trigger.id} /> }
  return {
    Type: label,
    Meter: (
      <PageLink to={paths.meter(meter)}>
        <MeterName meter={meter} />
      </PageLink>
    ),
    Price: priceId ? atStripe(priceId, `prices/${priceId}`) : <Nothing />,
    ...(tells === 'usage' && {
      'Meter of Stripe': stripeMeterId ? (
        atStripe(eventName || stripeMeterId, `meters/${stripeMeterId}`)
      ) : (
        <Nothing />
      ),
      ...unknown,
      'Told from': <Time at={trigger.usageFrom} exact />,
    }),
    ...(prorationBehavior && {
      'When the quantity changes':
        PRORATIONS.find(({ value }) => value === prorationBehavior)?.label ?? prorationBehavior,
    }),
    Multiplier: <Quantity value={trigger.multiplier} />,
    Id: <Id value={trigger.id} />,
  }
}

/** What becomes of an invoice there. */
function inWords({ collectionMethod }: StripeTrigger): string {
  if (collectionMethod === null) return 'Items, which wait for the next invoice'
  const known = COLLECTION_METHODS.find(({ value }) => value === collectionMethod)
  return `An invoice of its own. ${known?.label ?? collectionMethod}`
}

const FIGURES = {
  sent: { label: 'Sent', hint: 'Stripe has them' },
  waiting: { label: 'Waiting', hint: 'to be sent' },
  sending: { label: 'On their way', hint: 'sent, the answer is not known' },
  refused: { label: 'Refused', hint: 'Stripe does not take them' },
  carried: { label: 'Carried', hint: 'no whole unit yet' },
} as const

const INVOICE_FIGURES = {
  sent: { label: 'Billed', hint: 'by Stripe, and not paid yet' },
  paid: { label: 'Paid', hint: 'at Stripe' },
  waiting: { label: 'Waiting', hint: 'to be sent' },
  sending: { label: 'On their way', hint: 'not all of it is known to be there' },
  refused: { label: 'Refused', hint: 'Stripe does not take them' },
} as const

/** How many records are in which state; each leads to exactly those. */
function Figures({ trigger: { id, type, records } }: { readonly trigger: StripeTrigger }) {
  const page = useEnvironment().paths.stripeTrigger(id)
  const figures = triggerType(type).tells === 'invoices' ? INVOICE_FIGURES : FIGURES
  const shown = Object.entries(figures)
  return (
    <Tiles areSmall>
      {shown.map(([state, { label, hint }]) => {
        const count = records[state as keyof typeof records] ?? 0
        return (
          <Tile
            key={state}
            label={label}
            hint={hint}
            value={
              count === 0 ? (
                '0'
              ) : (
                <PageLink to={`${page}?state=${state}`}>{formatQuantity(String(count))}</PageLink>
              )
            }
          />
        )
      })}
    </Tiles>
  )
}
