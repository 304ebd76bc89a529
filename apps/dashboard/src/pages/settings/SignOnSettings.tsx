import { Group, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors, messageOf } from '../../api/errors.ts'
import type { paths } from '../../api/schema.gen.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Form } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'

const PATH = '/api/v1/organizations/{organizationId}/sign-on'
type SignOn = paths[typeof PATH]['get']['responses'][200]['content']['application/json']
type Wanted = NonNullable<paths[typeof PATH]['put']['requestBody']>['content']['application/json']

const FIELDS = ['issuer', 'clientId', 'clientSecret']

/** How members come in through the organization's own issuer, in both environments. */
export function SignOnSettings() {
  const { api, key, organizationId } = useEnvironment()
  const params = { path: { organizationId } }
  return (
    <Loaded
      height={420}
      query={{
        queryKey: [...key, 'sign-on'],
        queryFn: () => answered(api.GET(PATH, { params })),
      }}
    >
      {(signOn) => (
        <Stack gap="xl">
          <Domains signOn={signOn} />
          <ConnectionForm key={signOn.connection?.changedAt} signOn={signOn} />
          {signOn.connection && <Existing signOn={signOn} />}
        </Stack>
      )}
    </Loaded>
  )
}

function Domains({ signOn: { domains, redirectUrl } }: { readonly signOn: SignOn }) {
  const { organizationId } = useEnvironment()
  return (
    <Stack gap="xs" maw={640}>
      {domains.length > 0 ? (
        <Text>
          The issuer speaks for addresses of <b>{domains.join(', ')}</b>. The operator of this
          server allows more. It is the same in both environments.
        </Text>
      ) : (
        <>
          <Text>
            First the operator of this server allows the e-mail domain of your organization:
          </Text>
          <CodeBlock
            label="To allow a domain"
            text={`usageflow sign-on allow-domain ${organizationId} example.com`}
          />
        </>
      )}
      <Text c="dimmed">
        Register this server at the issuer as a web application that is sent back to exactly this
        address, which is your organization’s alone
      </Text>
      <CodeBlock label="Redirect address" text={redirectUrl} />
    </Stack>
  )
}

function ConnectionForm({ signOn: { connection, domains } }: { readonly signOn: SignOn }) {
  const form = useForm<Required<Wanted>>({
    initialValues: {
      issuer: connection?.issuer ?? '',
      clientId: connection?.clientId ?? '',
      clientSecret: '',
      role: connection?.role ?? 'DEVELOPER',
      enabled: connection?.enabled ?? domains.length > 0,
      enforced: connection?.enforced ?? false,
    },
  })
  const save = useAction(
    ({ clientSecret, ...rest }: Required<Wanted>, { environment }) =>
      answered(
        environment.api.PUT(PATH, {
          params: { path: { organizationId: environment.organizationId } },
          body: { ...rest, ...(clientSecret === '' ? {} : { clientSecret }) },
        }),
      ),
    { onDone: () => notifications.show({ message: 'Saved' }) },
  )
  const errors = fieldErrors(save.error)
  return (
    <Form
      action="Save"
      isRunning={save.isPending}
      error={save.error}
      shownFields={FIELDS}
      refusal={useRefusal('sign_on:write')}
      onSubmit={() => save.mutate(form.values)}
    >
      <TextInput
        label="Issuer"
        description="The address under which it publishes what it is, like https://login.example.com"
        {...form.getInputProps('issuer')}
        error={errors.issuer}
      />
      <TextInput label="Client id" {...form.getInputProps('clientId')} error={errors.clientId} />
      <PasswordInput
        label="Client secret"
        description={connection ? 'Empty: as it was' : 'Stored sealed, and never shown again'}
        autoComplete="off"
        {...form.getInputProps('clientSecret')}
        error={errors.clientSecret}
      />
      <Select
        label="Somebody new becomes"
        allowDeselect={false}
        data={['ADMIN', 'DEVELOPER', 'VIEWER']}
        {...form.getInputProps('role')}
      />
      <Switch
        label="Members can sign on"
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
      <Switch
        label="Members of these domains can sign in no other way"
        description="Passwords no longer let them in, and they are signed out now. OWNERs keep theirs, so that nobody is locked out."
        {...form.getInputProps('enforced', { type: 'checkbox' })}
      />
    </Form>
  )
}

function Existing({ signOn: { signInUrl } }: { readonly signOn: SignOn }) {
  const [isOpen, setOpen] = useState(false)
  const { organizationId } = useEnvironment()
  const params = { path: { organizationId } }
  const check = useAction(
    (_, { environment: { api } }) => answered(api.POST(`${PATH}/check`, { params })),
    { onDone: ({ issuer }) => notifications.show({ message: `${issuer} answers` }) },
  )
  const remove = useAction(
    (_, { environment: { api } }) => answered(api.DELETE(PATH, { params })),
    { onDone: () => setOpen(false) },
  )
  return (
    <Section title="The connection">
      <Stack gap="sm" maw={640}>
        <Text c="dimmed">
          Members sign on here. Try it in another browser before you enforce it.
        </Text>
        <CodeBlock label="Where members sign on" text={signInUrl} />
        <Group gap="xs">
          <GuardedButton
            variant="default"
            permission="sign_on:write"
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            Ask the issuer
          </GuardedButton>
          <GuardedButton variant="default" permission="sign_on:write" onClick={() => setOpen(true)}>
            Remove
          </GuardedButton>
        </Group>
        {check.error && (
          <Text c="var(--uf-bad-text)" role="alert">
            {messageOf(check.error)}
          </Text>
        )}
      </Stack>
      <ConfirmDialog
        title="Remove the connection"
        action="Remove"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => remove.mutate()}
        isRunning={remove.isPending}
        error={remove.error}
      >
        <Text>
          Members keep their accounts. Whoever has no password asks for a link to choose one.
        </Text>
      </ConfirmDialog>
    </Section>
  )
}
