import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { CustomerField } from '../../components/CustomerField.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page.tsx'

type Values = { customerId: string; name: string; email: string; parentId: string }

export function NewCustomerPage() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const form = useForm<Values>({
    initialValues: { customerId: '', name: '', email: '', parentId: '' },
    validate: { customerId: (id) => (id.trim() === '' ? 'By which id do you know it?' : null) },
  })
  const declare = useAction(
    ({ customerId, name, email, parentId }: Values, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/customers', {
          headers,
          body: {
            customerId: customerId.trim(),
            ...(name.trim() === '' ? {} : { name: name.trim() }),
            ...(email.trim() === '' ? {} : { email: email.trim() }),
            ...(parentId.trim() === '' ? {} : { parentId: parentId.trim() }),
          },
        }),
      ),
    { onDone: ({ customerId }) => void navigate({ to: paths.customer(customerId) }) },
  )
  const errors = fieldErrors(declare.error)
  return (
    <>
      <PageHeader
        title="New customer"
        sentence="Customers also appear by themselves, with the first event that names them."
      />
      <Form
        action="Make the customer"
        isRunning={declare.isPending}
        error={declare.error}
        shownFields={['customerId', 'name', 'email', 'parentId']}
        refusal={useRefusal('customers:write')}
        onSubmit={() => {
          if (!form.validate().hasErrors) declare.mutate(form.values)
        }}
      >
        <TextInput
          label="Customer id"
          description="Your own; events name the customer by it, and it never changes"
          placeholder="user_123"
          {...form.getInputProps('customerId')}
          error={errors.customerId ?? form.errors.customerId}
        />
        <TextInput label="Name" {...form.getInputProps('name')} error={errors.name} />
        <TextInput
          label="E-mail"
          type="email"
          {...form.getInputProps('email')}
          error={errors.email}
        />
        <CustomerField
          label="Parent"
          description="The id of the customer that pays for it, like the company of a team"
          {...form.getInputProps('parentId')}
          error={errors.parentId}
        />
      </Form>
    </>
  )
}
