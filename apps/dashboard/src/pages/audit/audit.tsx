import { useMemo } from 'react'
import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useActors } from './actors.ts'
import { auditListOf } from './audit-list.tsx'

/** Who changed what, since the beginning. */
export function AuditPage() {
  const actors = useActors()
  const list = useMemo(() => auditListOf(actors), [actors])
  return (
    <RealTime>
      <ListPage
        list={list}
        title="Audit"
        sentence="Every change of the organization and of both environments. Entries are sealed one to the other: none can be altered unseen."
        empty={
          <EmptyState title="Nothing was changed yet">
            Whoever changes something stands here.
          </EmptyState>
        }
      />
    </RealTime>
  )
}
