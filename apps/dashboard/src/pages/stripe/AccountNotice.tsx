import { Box, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { PageLink } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { connectionQuery } from './stripe-queries.ts'

/** Why Stripe is told nothing at the moment. Nothing is shown when it is. */
export function AccountNotice({ accountId }: { readonly accountId: string }) {
  const environment = useEnvironment()
  const { data } = useQuery(connectionQuery(environment))
  if (data === undefined) return null
  const { connection } = data
  const settings = (
    <PageLink to={`${environment.paths.settings}?tab=stripe`} isInText>
      settings
    </PageLink>
  )
  if (connection === null || connection.accountId !== accountId)
    return (
      <Box mt="md">
        <Notice
          tone="warn"
          title={connection === null ? 'Stripe is not connected' : 'Another account is connected'}
        >
          <Text>
            This belongs to {accountId}. Stripe is told nothing of it until that account is
            connected again, in the {settings}. What is used meanwhile is kept.
          </Text>
        </Notice>
      </Box>
    )
  if (connection.lastError === null) return null
  return (
    <Box mt="md">
      <Notice tone="bad" title="Stripe refuses the key">
        <Text>
          What is to be sent waits until a key works that may read Prices and Billing Meters, and
          write Billing Meter Events: see the {settings}.
        </Text>
      </Notice>
    </Box>
  )
}
