import { Radio, Stack } from '@mantine/core'
import { useEnvironment } from '../../api/environment.tsx'
import type { Role } from '../../api/organization.ts'
import { ROLES, whyNotGrant } from './roles.ts'

/** All roles with what they may do; those that the reader cannot give say why. */
export function RoleChoice({
  value,
  onChange,
}: {
  readonly value: Role
  readonly onChange: (role: Role) => void
}) {
  const { organization } = useEnvironment()
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange(role as Role)}>
      <Stack gap="xs" mt={6}>
        {ROLES.map(({ role, may }) => {
          const refusal = whyNotGrant(organization.role, role)
          return (
            <Radio
              key={role}
              value={role}
              label={role}
              description={refusal ?? may}
              disabled={refusal !== null}
            />
          )
        })}
      </Stack>
    </Radio.Group>
  )
}
