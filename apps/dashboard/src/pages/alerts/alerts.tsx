import { List } from '../../components/ListPage.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { alertsList, reachedList } from './alerts-list.tsx'
import { NewAlert } from './NewAlert.tsx'

export function AlertsPage() {
  return (
    <>
      <PageHeader
        title="Alerts"
        sentence="Thresholds of usage, spending and credits. Each is told to webhooks once, seconds after it was reached."
        actions={<NewAlert />}
      />
      <List
        list={alertsList}
        label="Alerts"
        empty={
          <EmptyState title="No threshold is watched" action={<NewAlert />}>
            Be told when a customer has used up most of what the plan includes, before they ask.
          </EmptyState>
        }
      />
      <Section title="Reached">
        <List
          isSecond
          list={reachedList}
          label="Thresholds that were reached"
          empty={<EmptyState title="None was reached yet">The latest stand first.</EmptyState>}
        />
      </Section>
    </>
  )
}
