import { SegmentedControl, Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy, PolicyDecisions } from '../../api/records.ts'
import { useNow } from '../../clock.ts'
import { RANGES, type RangeName } from '../../components/usage.ts'
import { Chart } from '../../ui/Chart.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { Section, Tile, Tiles } from '../../ui/page.tsx'
import { BlockSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx'
import { Id, StateBadge } from '../../ui/values.tsx'
import { CustomerLink } from '../customers/CustomerName.tsx'
import { bucketsOf, refusals, shareOf, sumOf } from './decisions.ts'
import { decisionsQuery } from './policy-query.ts'

const HEIGHT = 420
const MINUTE_MS = 60_000

/** What its limits did, or would have done, over time and to whom. */
export function PolicyResults({ policy }: { readonly policy: Policy }) {
  const [range, setRange] = useState<RangeName>('24h')
  const environment = useEnvironment()
  const { from, to, step } = windowUpTo(useNow(), range)
  const { data, error, refetch } = useQuery({
    ...decisionsQuery(environment, policy.id, { from, to }),
    placeholderData: keepPreviousData,
  })
  return (
    <Section
      title="What it did"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Range"
          value={range}
          onChange={(value) => setRange(value as RangeName)} // one of RANGES
          data={Object.entries(RANGES).map(([value, { label }]) => ({
            value,
            label: label.replace('Last ', ''),
          }))}
        />
      }
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Results policy={policy} decisions={data} step={step} />
      ) : (
        <BlockSkeleton height={HEIGHT} />
      )}
    </Section>
  )
}

/** Whole minutes, so that what was asked for a moment ago need not be asked for again. */
function windowUpTo(now: Date, range: RangeName) {
  const end = new Date(Math.ceil(now.getTime() / MINUTE_MS) * MINUTE_MS)
  const { ms, window } = RANGES[range]
  return {
    from: new Date(end.getTime() - ms).toISOString(),
    to: end.toISOString(),
    step: window,
  }
}

function Results({
  policy: { mode },
  decisions,
  step,
}: {
  readonly policy: Policy
  readonly decisions: PolicyDecisions
  readonly step: 'hour' | 'day'
}) {
  const { requests, limits } = decisions
  const enforced = sumOf(limits, 'enforce')
  const shadowed = sumOf(limits, 'shadow')
  const without = [enforced, shadowed].reduce(
    (sum, one) => sum + one.allowedWithoutAnswer + one.refusedWithoutAnswer,
    0,
  )
  return (
    <Stack gap="md">
      <Tiles>
        <Tile
          label="Requests"
          value={requests === null ? '–' : formatQuantity(String(requests))}
          hint="to endpoints that it covers now"
        />
        {(mode === 'enforce' || refusals(enforced) > 0) && (
          <RefusalTile label="Refused" count={refusals(enforced)} decisions={decisions} />
        )}
        {(mode === 'shadow' || refusals(shadowed) > 0) && (
          <RefusalTile label="Would be refused" count={refusals(shadowed)} decisions={decisions} />
        )}
        <Tile
          label="Without an answer"
          value={formatQuantity(String(without))}
          hint="decided as it says for want of one"
        />
      </Tiles>
      <Chart
        title="Requests that it refused, or would have refused"
        unit="requests"
        bars={barsOf(decisions, step)}
      />
      <Refused limits={limits} />
    </Stack>
  )
}

function RefusalTile({
  label,
  count,
  decisions: { requests, limits },
}: {
  readonly label: string
  readonly count: number
  readonly decisions: PolicyDecisions
}) {
  const share = shareOf(count, requests)
  return (
    <Tile
      label={label}
      value={formatQuantity(String(count))}
      hint={
        share === null
          ? 'of requests that nobody counted'
          : `${share} of requests${limits.length > 1 ? '; each limit counts for itself' : ''}`
      }
    />
  )
}

function barsOf(decisions: PolicyDecisions, step: 'hour' | 'day') {
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: 'UTC',
    ...(step === 'hour'
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short' }),
  })
  return bucketsOf(decisions, step).map(({ from, to, count }) => ({
    label: format.format(new Date(from)),
    value: count,
    exact: formatQuantity(String(count)),
    isOpen: to >= decisions.to,
  }))
}

type Limit = PolicyDecisions['limits'][number]
type RefusedRow = Limit['identities'][number] & Pick<Limit, 'limit' | 'mode'>

/** Those that were refused most, of each limit. */
function Refused({ limits }: { readonly limits: PolicyDecisions['limits'] }) {
  const rows = limits.flatMap(({ limit, mode, identities }) =>
    identities.map((identity) => ({ ...identity, limit, mode })),
  )
  if (rows.length === 0)
    return (
      <EmptyState title="Nobody was over a limit">
        Who is stands here, with how often: also while it is only in shadow.
      </EmptyState>
    )
  return (
    <Section title="Whom">
      <DataTable
        label="Whom it refused, or would have"
        rows={rows}
        rowId={({ kind, id, limit, mode }) => [kind, id, limit, mode].join(' ')}
        columns={COLUMNS}
      />
    </Section>
  )
}

const countColumn = (
  id: string,
  header: string,
  of: (row: RefusedRow) => number,
): Column<RefusedRow> => ({
  ...{ id, header, align: 'right', value: of },
  cell: (row) => formatQuantity(String(of(row))),
})

const COLUMNS: readonly Column<RefusedRow>[] = [
  {
    id: 'whom',
    header: 'Whom',
    value: ({ id }) => id,
    cell: ({ kind, id }) =>
      kind === 'customer' ? <CustomerLink customerId={id} /> : <Id value={id} whole />,
  },
  { id: 'limit', header: 'Limit', value: ({ limit }) => limit },
  {
    id: 'mode',
    header: 'Mode',
    value: ({ mode }) => mode,
    cell: ({ mode }) => <StateBadge state={mode} />,
  },
  countColumn('refused', 'Refused, or would be', ({ refused }) => refused),
  countColumn('allowed', 'Let through without an answer', (row) => row.allowedWithoutAnswer),
  countColumn('without', 'Refused without an answer', (row) => row.refusedWithoutAnswer),
]
