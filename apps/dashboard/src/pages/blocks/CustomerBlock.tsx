import { Alert, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { readNow } from '../../clock.ts'
import { RealTime } from '../../components/RealTime.tsx'
import { Time } from '../../ui/values.tsx'
import { blockState } from './block-state.ts'
import { LiftBlock } from './LiftBlock.tsx'

/** The block that holds a customer, of which there is one at most. */
function blockQuery({ api, key }: Environment, customerId: string) {
  return {
    queryKey: [...key, 'blocks', 'of', customerId],
    queryFn: async () => {
      const query = { kind: 'customer' as const, id: customerId, limit: 1 }
      const { data } = await answered(api.GET('/api/v1/control/blocks', { params: { query } }))
      return data.find((block) => blockState(block, readNow()) === 'blocked') ?? null
    },
  }
}

/** Says of a customer that is blocked why, until when, and how to end it; of another nothing. */
export function CustomerBlock({ customerId }: { readonly customerId: string }) {
  const { data: block } = useQuery(blockQuery(useEnvironment(), customerId))
  if (!block) return null
  return (
    <RealTime>
      <Alert color="red" mt="md" title="Blocked: none of its requests is let through">
        <Group justify="space-between" gap="xs">
          <span>
            <bdi>{block.reason || 'No reason was given.'}</bdi>
            {block.until !== null && (
              <>
                {' '}
                It ends <Time at={block.until} />.
              </>
            )}
          </span>
          <LiftBlock block={block} />
        </Group>
      </Alert>
    </RealTime>
  )
}
