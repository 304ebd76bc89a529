import type { ReactNode } from 'react'
import { List } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { requestsList } from './requests-list.tsx'

/** The kept requests of one thing, without the column and the filter that would say the same in each row. */
export function Requests({
  of,
}: {
  readonly of:
    | { readonly endpoint: string }
    | { readonly customerId: string }
    | { readonly application: string }
}): ReactNode {
  const list = 'endpoint' in of ? OF_ENDPOINT : 'customerId' in of ? OF_CUSTOMER : requestsList
  return (
    <RealTime>
      <List
        list={list}
        label="Requests"
        fixed={of}
        empty={
          <EmptyState title="No requests were kept">
            Of the requests that applications see, a few of each minute are kept here for seven
            days: without bodies, headers or values of parameters.
          </EmptyState>
        }
      />
    </RealTime>
  )
}

const { columns, filters = [] } = requestsList
const OF_ENDPOINT = { ...requestsList, columns: columns.filter(({ id }) => id !== 'endpoint') }
const OF_CUSTOMER = {
  ...requestsList,
  columns: columns.filter(({ id }) => id !== 'customer'),
  filters: filters.filter(({ name }) => name !== 'customerId'),
}
