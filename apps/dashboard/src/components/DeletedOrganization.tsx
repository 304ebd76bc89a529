import { Anchor, Button, Container, Group, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAction } from '../api/action.ts'
import { answered } from '../api/client.ts'
import { useEnvironment } from '../api/environment.tsx'
import { type Session, sessionQuery } from '../api/session.ts'
import { pathsOf, publicPaths } from '../paths.ts'
import { FormError } from '../ui/form.tsx'
import { Time } from '../ui/values.tsx'
import { GuardedButton } from './GuardedButton.tsx'
import { RealTime } from './RealTime.tsx'
import { useSignOut } from './sign-out.ts'

/** Stands for all pages of an organization that was deleted, for as long as it can be restored. */
export function DeletedOrganization({
  session,
  eraseAt,
}: {
  readonly session: Session
  readonly eraseAt: string
}) {
  const { organization, organizationId } = useEnvironment()
  const queries = useQueryClient()
  const signOut = useSignOut()
  const restore = useAction(
    (_: undefined, { environment: { api } }) =>
      answered(
        api.DELETE('/api/v1/organizations/{organizationId}/deletion', {
          params: { path: { organizationId } },
        }),
      ),
    { onDone: () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }) },
  )
  const others = session.organizations.filter(({ id }) => id !== organizationId)
  return (
    <RealTime>
      <Container size="xs" py="xl" component="main">
        <Stack align="flex-start">
          <Title order={1} size="h2">
            <bdi>{organization.name}</bdi> was deleted
          </Title>
          <Text>
            It is closed, and will be erased <Time at={eraseAt} />, on <Time at={eraseAt} exact />.
            Until then its owner can restore all of it.
          </Text>
          <FormError error={restore.error} />
          <Group gap="xs">
            <GuardedButton
              permission="organization:own"
              loading={restore.isPending}
              onClick={() => restore.mutate(undefined)}
            >
              Restore it
            </GuardedButton>
            <Button variant="default" component={Link} to={publicPaths.newOrganization}>
              New organization
            </Button>
            <Button variant="subtle" color="gray" onClick={() => void signOut()}>
              Sign out
            </Button>
          </Group>
          {others.length > 0 && (
            <Text>
              To{' '}
              {others.map(({ id, name }, index) => (
                <span key={id}>
                  {index > 0 && ', '}
                  <Anchor
                    component={Link}
                    to={pathsOf({ organizationId: id, mode: 'live' }).overview}
                  >
                    {name}
                  </Anchor>
                </span>
              ))}
            </Text>
          )}
        </Stack>
      </Container>
    </RealTime>
  )
}
