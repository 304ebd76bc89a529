import { useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { List } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { recordsOfTrigger } from './sync-records-list.tsx'
import { triggerType } from './trigger-types.ts'

/** What a trigger has told, piece by piece. */
export function SyncRecords({ trigger: { id, type } }: { readonly trigger: StripeTrigger }) {
  const { paths } = useEnvironment()
  return (
    <List
      list={recordsOfTrigger}
      label="Records"
      fixed={{ triggerId: id }}
      rowHref={(record) => paths.syncRecord(record.id)}
      empty={
        <EmptyState title="Nothing was to be sent yet">
          A minute after usage was counted it stands here, and becomes {triggerType(type).becomes}.
        </EmptyState>
      }
    />
  )
}
