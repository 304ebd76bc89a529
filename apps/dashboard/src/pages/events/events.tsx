import { useEnvironment } from '../../api/environment.tsx'
import { FilterBar } from '../../components/FilterBar.tsx'
import { List } from '../../components/ListPage.tsx'
import { useListState } from '../../components/list-state.ts'
import { PageHeader } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { eventsList } from './events-list.tsx'
import { LiveTail } from './LiveTail.tsx'

const FILTERS = [
  { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  { name: 'name', label: 'Event', placeholder: 'API_CALL' },
  { name: 'idempotencyKey', label: 'Key', placeholder: 'the Idempotency-Key that was sent' },
] as const
const NAMES = FILTERS.map(({ name }) => name)

const STORED_WITHOUT_FILTER = { ...eventsList, filters: [] }

/** Events as they arrive; of one customer, or by key, those that are stored. */
export function EventsPage() {
  const { paths } = useEnvironment()
  const state = useListState(NAMES)
  const { customerId, idempotencyKey, name } = state.filters
  const stored: Readonly<Record<string, string>> | null = idempotencyKey
    ? { idempotencyKey }
    : customerId
      ? { customerId, ...(name ? { name } : {}) }
      : null
  return (
    <>
      <PageHeader
        title="Events"
        sentence="What your customers used, as it was recorded. An event never changes; corrections stand beside it."
      />
      <FilterBar filters={FILTERS} state={state} />
      {stored === null ? (
        <LiveTail name={name ?? null} />
      ) : (
        <List
          key={JSON.stringify(stored)}
          list={STORED_WITHOUT_FILTER}
          label="Events"
          fixed={stored}
          rowHref={({ eventId }) => paths.event(eventId)}
          empty={
            <EmptyState title="No such events">
              {idempotencyKey
                ? 'No event was recorded with this key. Keys are compared letter by letter.'
                : 'Nothing was recorded for this customer.'}
            </EmptyState>
          }
        />
      )}
    </>
  )
}
