import { Button, Container, Stack, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { BlockSkeleton, ErrorState } from '../ui/states.tsx'

/** Stands where a page will be, for the moment in which its code is on the way. */
export function WaitingPage() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <BlockSkeleton height={30} />
      <BlockSkeleton height={320} />
    </Stack>
  )
}

/** For an address that leads nowhere. */
export function LostPage() {
  return (
    <Container size="xs" py="xl">
      <Stack align="flex-start">
        <Title order={1} size="h2">
          There is no such page
        </Title>
        <Button component={Link} to="/" variant="default">
          To the overview
        </Button>
      </Stack>
    </Container>
  )
}

/** For a mistake of the dashboard, or a server that does not answer at all. */
export function ThrownPage({
  error,
  reset,
}: {
  readonly error: unknown
  readonly reset?: () => void
}) {
  return (
    <Container size="sm" py="xl">
      <ErrorState error={error} onRetry={reset ?? (() => window.location.reload())} />
    </Container>
  )
}
