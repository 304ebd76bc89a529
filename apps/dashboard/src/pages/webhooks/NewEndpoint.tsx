import { Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Form } from '../../ui/form.tsx'

type Values = { url: string; description: string; eventTypes: string[] }

const KINDS = ['invoice.*', 'payment.*', 'subscription.*', 'credits.*', 'usage.*', 'spend.*']

/** Asks where to, and then shows the secret, once. */
export function NewEndpoint({ close }: { readonly close: ReactNode }) {
  const form = useForm<Values>({ initialValues: { url: '', description: '', eventTypes: [] } })
  const make = useAction((values: Values, { environment, headers }) =>
    answered(environment.api.POST('/api/v1/webhook-endpoints', { headers, body: values })),
  )
  const errors = fieldErrors(make.error)
  if (make.data) return <Secret secret={make.data.secret} close={close} />
  return (
    <Form
      action="Make the endpoint"
      isRunning={make.isPending}
      error={make.error}
      shownFields={['url', 'description']}
      onSubmit={() => make.mutate({ ...form.values, url: form.values.url.trim() })}
    >
      <TextInput
        label="URL"
        type="url"
        placeholder="https://example.com/webhooks"
        {...form.getInputProps('url')}
        error={errors.url}
      />
      <TextInput label="What it is for" {...form.getInputProps('description')} />
      <TagsInput
        label="Told of"
        description="Types of facts, or groups of them; left empty, all"
        data={KINDS}
        {...form.getInputProps('eventTypes')}
        error={errors.eventTypes}
      />
    </Form>
  )
}

/** What a receiver checks signatures with; the server does not show it again. */
export function Secret({ secret, close }: { readonly secret: string; readonly close: ReactNode }) {
  return (
    <Stack align="stretch">
      <Text>
        Your receiver checks with this secret that a message comes from here. Keep it: it is shown
        only now.
      </Text>
      <CodeBlock label="Secret" text={secret} />
      <div>{close}</div>
    </Stack>
  )
}
