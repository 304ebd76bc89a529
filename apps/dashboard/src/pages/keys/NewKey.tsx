import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useContext, useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { ShowKey } from './KeyOnce.tsx'
import { SCOPES, type Scope } from './scopes.ts'

type Values = {
  readonly mode: 'live' | 'test'
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** Asks what it is for and what it may do, and then shows the key, once. */
export function NewKey() {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <GuardedButton permission="keys:write" onClick={() => setOpen(true)}>
        New key
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={close} title="New API key">
        {isOpen && <KeyForm close={close} />}
      </FormDialog>
    </>
  )
}

function KeyForm({ close }: { readonly close: () => void }) {
  const { organizationId, mode } = useEnvironment()
  const [values, setValues] = useState<Values>({ mode, name: '', scopes: ['usage:write'] })
  const change = (changes: Partial<Values>): void => setValues({ ...values, ...changes })
  const show = useContext(ShowKey)
  const make = useAction(
    (wanted: Values, { environment: { api } }) =>
      answered(
        api.POST('/api/v1/organizations/{organizationId}/keys', {
          params: { path: { organizationId } },
          body: { ...wanted, scopes: [...wanted.scopes] },
        }),
      ),
    {
      onDone: ({ key }) => {
        close()
        show(key)
      },
    },
  )
  return (
    <Form
      action="Make the key"
      isRunning={make.isPending}
      error={make.error}
      shownFields={['name']}
      refusal={values.scopes.length === 0 ? 'Choose something that it may do.' : null}
      onSubmit={() => make.mutate({ ...values, name: values.name.trim() })}
    >
      <TextInput
        label="Name"
        description="Which program has it"
        placeholder="Gateway"
        autoComplete="off"
        value={values.name}
        error={fieldErrors(make.error).name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-autofocus
      />
      <div>
        <Text size="sm" fw={500} mb={4} id="key-environment">
          Environment
        </Text>
        <SegmentedControl
          aria-labelledby="key-environment"
          value={values.mode}
          onChange={(chosen) => change({ mode: chosen as Values['mode'] })}
          data={[
            { value: 'live', label: 'Live' },
            { value: 'test', label: 'Test' },
          ]}
        />
      </div>
      <ScopeChoice value={values.scopes} onChange={(scopes) => change({ scopes })} />
    </Form>
  )
}

function ScopeChoice({
  value,
  onChange,
}: {
  readonly value: readonly Scope[]
  readonly onChange: (scopes: readonly Scope[]) => void
}) {
  const { organization } = useEnvironment()
  const mine = SCOPES.filter(({ scope }) => organization.permissions.includes(scope))
  return (
    <Checkbox.Group
      label="What it may do"
      description="No more than you. A program that only sends usage needs the first alone."
      value={[...value]}
      onChange={(scopes) => onChange(scopes as Scope[])}
    >
      <Stack gap={6} mt="xs">
        {SCOPES.map(({ scope, may }) => {
          const isMine = organization.permissions.includes(scope)
          return (
            <Checkbox
              key={scope}
              size="xs"
              value={scope}
              disabled={!isMine}
              label={`${may} (${scope})`}
              description={isMine ? undefined : `Your role ${organization.role} may not.`}
            />
          )
        })}
      </Stack>
      <Group gap="xs" mt="xs">
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange(mine.map(({ scope }) => scope))}
        >
          All
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChange([])}>
          None
        </Button>
      </Group>
    </Checkbox.Group>
  )
}
