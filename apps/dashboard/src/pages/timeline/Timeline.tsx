import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Fact } from '../../api/records.ts'
import { List, type ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Nothing, Time } from '../../ui/values.tsx'
import { factWords } from './fact-words.ts'

/** A customer, or of one a subscription or an invoice. */
export type About = {
  readonly customerId: string
  readonly subscriptionId?: string
  readonly invoiceId?: string
}

/** What has happened to a record, the latest first. */
export function Timeline({ about }: { readonly about: About }) {
  return (
    <List
      list={about.invoiceId === undefined ? factsList : factsOfOne}
      label="Timeline"
      fixed={{ ...about }}
      empty={
        <EmptyState title="Nothing has happened yet">
          Subscriptions, invoices, payments and credits stand here, as webhooks tell of them.
        </EmptyState>
      }
    />
  )
}

const factsList: ListDefinition<Fact> = {
  name: 'facts',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/facts', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'what', header: 'What', value: factWords },
    { id: 'where', header: 'Where', value: placeOf, cell: (fact) => <Place fact={fact} /> },
    { id: 'at', header: 'When', value: ({ at }) => at, cell: ({ at }) => <Time at={at} /> },
    { id: 'type', header: 'Fact', value: ({ type }) => type, isExtra: true },
    { id: 'id', header: 'Id', value: ({ id }) => id, isExtra: true },
  ],
}

/** Of an invoice: where else it would be, the reader is already. */
const factsOfOne = { ...factsList, columns: factsList.columns.filter(({ id }) => id !== 'where') }

/** What a reader would open next. */
function placeOf({ data }: Fact): string | null {
  const id = data.invoiceId ?? data.subscriptionId
  return typeof id === 'string' ? id : null
}

function Place({ fact }: { readonly fact: Fact }) {
  const { paths } = useEnvironment()
  const id = placeOf(fact)
  if (id === null) return <Nothing />
  const isInvoice = id === fact.data.invoiceId
  return (
    <PageLink to={isInvoice ? paths.invoice(id) : paths.subscription(id)}>
      {isInvoice ? 'Invoice' : 'Subscription'}
    </PageLink>
  )
}
