import { Text } from '@mantine/core'
import { messageOf } from '../api/errors.ts'
import { RequestId } from '../ui/states.tsx'

/** Why something that they did was not done. */
export function Refusal({ error }: { readonly error: unknown }) {
  if (error == null) return null
  return (
    <div role="alert">
      <Text>{messageOf(error)}</Text>
      <RequestId error={error} />
    </div>
  )
}
