import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { membersQuery } from '../../api/organization.ts'
import { sessionQuery } from '../../api/session.ts'
import { List } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { HandOver } from './HandOver.tsx'
import { InviteButton } from './InviteButton.tsx'
import { invitationsList } from './invitations-list.tsx'
import { LeaveButton } from './LeaveButton.tsx'
import { membersList } from './members-list.tsx'

/** Who belongs to the organization, as what, and who is asked to. */
export function TeamPage() {
  const environment = useEnvironment()
  const { data: session } = useQuery(sessionQuery)
  const { data: members = [] } = useQuery(membersQuery(environment))
  const me = members.find(({ userId }) => userId === session?.user.id)
  return (
    <RealTime>
      <PageHeader
        title="Team"
        sentence={`Who works in ${environment.organization.name}, in both environments.`}
        actions={
          <>
            {me && <LeaveButton me={me} members={members} />}
            <HandOver others={members.filter((member) => member !== me)} />
            <InviteButton />
          </>
        }
      />
      <List list={membersList} label="Members" empty={null} />
      <Section title="Invitations">
        <List
          isSecond
          list={invitationsList}
          label="Invitations"
          empty={
            <EmptyState title="Nobody is invited at the moment">
              An invitation goes to one address, is good for seven days, and works once.
            </EmptyState>
          }
        />
      </Section>
    </RealTime>
  )
}
