import { Box, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { StripeSyncRecord, StripeTrigger } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { formatInstant } from '../../ui/format.ts'
import { OutLink, PageLink } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { CustomerLink } from '../customers/CustomerName.tsx'
import { reasonWords } from './reason-words.ts'
import { stripeUrl } from './stripe-links.ts'
import { triggerType } from './trigger-types.ts'
import { TriggerName } from './triggers-list.tsx'

const REFRESH_MS = 3_000
const IS_UNDER_WAY: ReadonlySet<string> = new Set(['waiting', 'sending'])

async function readRecord({ api }: Environment, recordId: string) {
  const record = await answered(
    api.GET('/api/v1/stripe/sync-records/{recordId}', { params: { path: { recordId } } }),
  )
  const { triggerId } = record
  const trigger = await answered(
    api.GET('/api/v1/stripe/triggers/{triggerId}', { params: { path: { triggerId } } }),
  )
  return { record, trigger }
}

type Told = { readonly record: StripeSyncRecord; readonly trigger: StripeTrigger }

/** One thing that Stripe is told, and what became of it. */
export function SyncRecordPage() {
  const environment = useEnvironment()
  const { recordId } = useParams({ strict: false }) as { recordId: string }
  return (
    <RealTime>
      <Loaded
        height={420}
        query={{
          queryKey: [...environment.key, 'sync-records', recordId],
          queryFn: () => readRecord(environment, recordId),
          refetchInterval: ({ state }) =>
            IS_UNDER_WAY.has(state.data?.record.state ?? '') ? REFRESH_MS : false,
        }}
      >
        {(told) => <RecordOfSync told={told} />}
      </Loaded>
    </RealTime>
  )
}

function RecordOfSync({ told: { record, trigger } }: { readonly told: Told }) {
  const { paths, mode } = useEnvironment()
  const { stripeCustomerId } = record
  const known = stripeUrl(mode, trigger.accountId, `customers/${stripeCustomerId}`)
  return (
    <RecordPage
      title={
        <>
          <TriggerName trigger={trigger} />, {formatInstant(record.hour)}
        </>
      }
      badge={<StateBadge state={record.state} />}
      sentence={SENTENCES[record.state] ?? triggerType(trigger.type).sentence}
      record={record}
      call={`GET /api/v1/stripe/sync-records/${record.id}`}
      actions={<Retry record={record} />}
      facts={{
        Customer: <CustomerLink customerId={record.customerId} />,
        'Known at Stripe as': stripeCustomerId ? (
          <OutLink href={known}>{stripeCustomerId}</OutLink>
        ) : (
          <Nothing />
        ),
        Used: <Quantity value={record.quantity} />,
        'For Stripe': <Quantity value={record.value} />,
        Trigger: <PageLink to={paths.stripeTrigger(trigger.id)}>to the trigger</PageLink>,
        Tries: record.attempts,
        Made: <Time at={record.createdAt} />,
        Sent: <Time at={record.sentAt} exact />,
        Identifier: <Id value={record.identifier} />,
      }}
    >
      <Why record={record} />
    </RecordPage>
  )
}

const SENTENCES: Readonly<Record<string, string>> = {
  waiting: 'It is to be sent.',
  sending: 'It was sent, and the answer is not known yet: it is sent again under the same name.',
  sent: 'Stripe has it.',
  refused: 'Stripe does not take it as it is.',
  carried: 'It is no whole unit yet, and goes along with later usage.',
}

/** Why it is not at Stripe, and what to do about it. Nothing where nothing is wrong. */
function Why({ record }: { readonly record: StripeSyncRecord }) {
  const { reason, reasonText, state } = record
  if (reason === null) return null
  return (
    <Box mt="md">
      <Notice tone={state === 'refused' ? 'bad' : 'warn'} title={reasonWords(reason)}>
        {reasonText !== null && <Text>Stripe said: {reasonText}</Text>}
        <WhatToDo record={record} />
      </Notice>
    </Box>
  )
}

/** In words of this page where a click does it; else in those of the server. */
function WhatToDo({ record }: { readonly record: StripeSyncRecord }) {
  const { paths } = useEnvironment()
  const { reason, whatToDo, customerId } = record
  if (reason === 'customer_not_linked')
    return (
      <Text>
        Link the customer to one of Stripe, among{' '}
        <PageLink to={`${paths.customer(customerId)}?tab=payments`} isInText>
          its payments
        </PageLink>
        : what waits is sent then.
      </Text>
    )
  if (reason === 'key_refused')
    return (
      <Text>
        Give a key that may read Billing Meters and write Billing Meter Events, in the{' '}
        <PageLink to={`${paths.settings}?tab=stripe`} isInText>
          settings
        </PageLink>
        . It is tried each minute.
      </Text>
    )
  if (reason !== null && reason in WHAT_TO_DO) return <Text>{WHAT_TO_DO[reason]}</Text>
  return whatToDo === null ? null : <Text>{whatToDo}</Text>
}

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  unclear:
    'It was sent a day ago without an answer, and the sum that Stripe has for the hour does not tell whether it came, since others write to this meter. See at Stripe whether there is an event of this identifier; send it again if there is none.',
  too_many_digits:
    'Stripe takes 15 digits. Make another trigger, with a smaller multiplier and a price to match.',
  invalid_request: 'Change at Stripe what it names, then send it again.',
}

function Retry({ record: { id, state } }: { readonly record: StripeSyncRecord }) {
  const retry = useAction((_: undefined, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/stripe/sync-records/{recordId}/retry', {
        params: { path: { recordId: id } },
        headers,
      }),
    ),
  )
  return (
    <GuardedButton
      permission="billing:write"
      loading={retry.isPending}
      refusal={state === 'refused' ? null : 'Only what was refused is sent again.'}
      onClick={() => retry.mutate(undefined)}
    >
      Send again
    </GuardedButton>
  )
}
