import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { BlockButton } from './BlockForm.tsx'
import { blocksList } from './blocks-list.tsx'

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/control/blocks \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"kind": "customer", "id": "user_123", "reason": "Stolen cards"}'`

/** Who is let through nowhere. */
export function BlocksPage() {
  return (
    <RealTime>
      <ListPage
        list={blocksList}
        title="Block list"
        sentence="Customers and networks that are let through nowhere, whatever policies say. They get a 403."
        action={<BlockButton />}
        empty={
          <EmptyState title="Nobody is blocked" action={<BlockButton />} example={EXAMPLE}>
            For stolen cards and scrapers: your services know of it within two seconds. For too many
            requests a policy with a limit is better.
          </EmptyState>
        }
      />
    </RealTime>
  )
}
