import { Select, Text } from '@mantine/core'
import { useContext, useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { ApiKey } from '../../api/organization.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { ShowKey } from './KeyOnce.tsx'

const GRACES = [
  { value: '0', label: 'It ends at once' },
  { value: '1', label: 'It works for an hour more' },
  { value: '24', label: 'It works for a day more' },
  { value: '168', label: 'It works for a week more' },
]

/** Makes the successor of a key, with the same name and scopes. */
export function RotateKey({
  apiKey,
  refusal,
}: {
  readonly apiKey: ApiKey
  readonly refusal: string | null
}) {
  const { organizationId } = useEnvironment()
  const [isOpen, setOpen] = useState(false)
  const [graceHours, setGraceHours] = useState('24')
  const show = useContext(ShowKey)
  const rotate = useAction(
    (hours: number, { environment: { api } }) =>
      answered(
        api.POST('/api/v1/organizations/{organizationId}/keys/{keyId}/rotate', {
          params: { path: { organizationId, keyId: apiKey.id } },
          body: { graceHours: hours },
        }),
      ),
    {
      onDone: ({ key }) => {
        setOpen(false)
        show(key)
      },
    },
  )
  return (
    <>
      <GuardedButton
        permission="keys:write"
        refusal={refusal}
        size="compact-xs"
        variant="default"
        aria-label={`Rotate ${apiKey.name}`}
        onClick={() => setOpen(true)}
      >
        Rotate
      </GuardedButton>
      <ConfirmDialog
        title={`Rotate ${apiKey.name}?`}
        action="Make the new key"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => rotate.mutate(Number(graceHours))}
        isRunning={rotate.isPending}
        error={rotate.error}
        isDangerous={false}
      >
        <Text>The new key may do the same.</Text>
        <Select
          label="The old one"
          data={GRACES}
          value={graceHours}
          onChange={(hours) => setGraceHours(hours ?? '24')}
          allowDeselect={false}
        />
      </ConfirmDialog>
    </>
  )
}
