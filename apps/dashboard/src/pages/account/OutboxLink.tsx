import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { signInOptionsQuery } from '../../api/session.ts'
import { publicPaths } from '../../paths.ts'
import { PageLink } from '../../ui/page.tsx'

/** Where a message stands that no mail server sends; nothing where one does. */
export function OutboxLink() {
  const { data: options } = useQuery(signInOptionsQuery)
  if (options?.mail !== 'outbox') return null
  return (
    <Text c="dimmed">
      This server has no mail server. What it would send stands in its{' '}
      <PageLink to={publicPaths.outbox} isInText>
        outbox
      </PageLink>
      , for whoever sits at its machine.
    </Text>
  )
}
