import { Group, Select, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import type { Plan, Subscription } from '../../api/records.ts'
import { plansQuery } from '../../components/catalog.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { nameOfCustomer } from '../customers/names.ts'
import { planQuery } from '../plans/plan.tsx'
import { latestVersion } from '../plans/price-words.ts'
import { ChangeCosts } from './ChangeCosts.tsx'
import { type ChangeValues, changeBody, changeValues, versionOf } from './change-values.ts'
import { OverrideFields } from './OverrideFields.tsx'
import { NO_OVERRIDES } from './override-values.ts'
import { subscriptionQuery } from './subscription.tsx'
import { refusalsOf } from './subscription-rules.ts'
import { WhenField } from './WhenField.tsx'

/** Sells something else to a customer, after a look at what it would come to. */
export function ChangeSubscriptionPage() {
  const environment = useEnvironment()
  const { subscriptionId } = useParams({ strict: false }) as { subscriptionId: string }
  return (
    <Loaded query={subscriptionQuery(environment, subscriptionId)} height={520} isFresh>
      {(subscription) => (
        <>
          <PageHeader
            title={`Change what ${nameOfCustomer(subscription.customerId)} has`}
            sentence="Usage before and after is billed apart, each at its own prices. See first what it comes to."
          />
          <WithPlans subscription={subscription} />
        </>
      )}
    </Loaded>
  )
}

/** Those on sale, and that of the subscription, which need not be. */
function WithPlans({ subscription }: { readonly subscription: Subscription }) {
  const environment = useEnvironment()
  const { data: onSale } = useQuery(plansQuery(environment))
  const { change: refusal } = refusalsOf(subscription)
  if (refusal !== null) return <EmptyState title="It cannot be changed now">{refusal}</EmptyState>
  return (
    <Loaded query={planQuery(environment, subscription.plan)} height={520}>
      {(own) => (
        <Change
          subscription={subscription}
          plans={[own, ...(onSale ?? []).filter(({ id }) => id !== own.id)]}
        />
      )}
    </Loaded>
  )
}

function Change({
  subscription,
  plans,
}: {
  readonly subscription: Subscription
  readonly plans: readonly Plan[]
}) {
  const [values, setValues] = useState(() => changeValues(subscription, plans))
  const body = changeBody(values)
  const path = { subscriptionId: subscription.id }
  const preview = useAction((asked: typeof body, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/subscriptions/{subscriptionId}/change/preview', {
        ...{ params: { path }, headers, body: asked },
      }),
    ),
  )
  const isShown = preview.data && JSON.stringify(preview.variables) === JSON.stringify(body)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={48}>
      <Form
        wide
        isGuarded={false}
        action="Preview"
        isRunning={preview.isPending}
        error={preview.error}
        shownFields={['quantity']}
        refusal={useRefusal('billing:read')}
        onSubmit={() => preview.mutate(body)}
      >
        <Fields
          values={values}
          plans={plans}
          onChange={setValues}
          isTrialing={subscription.status === 'trialing'}
          errors={fieldErrors(preview.error)}
        />
      </Form>
      {isShown && (
        <ChangeCosts
          preview={preview.data}
          action={<ChangeButton subscription={subscription} body={body} />}
        />
      )}
    </SimpleGrid>
  )
}

function Fields({
  values,
  plans,
  onChange,
  isTrialing,
  errors,
}: {
  readonly values: ChangeValues
  readonly plans: readonly Plan[]
  readonly onChange: (values: ChangeValues) => void
  readonly isTrialing: boolean
  readonly errors: Readonly<Record<string, string>>
}) {
  const plan = plans.find(({ key }) => key === values.plan)
  const versions = (plan?.versions ?? []).map(({ version }) => version).sort((a, b) => b - a)
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label="Plan"
          allowDeselect={false}
          data={plans.map(({ key, name }) => ({ value: key, label: name }))}
          value={values.plan}
          onChange={(key) => {
            const chosen = plans.find((one) => one.key === key)
            if (!chosen || chosen.key === values.plan) return
            const planVersion = latestVersion(chosen)?.version ?? 1
            onChange({ ...values, plan: chosen.key, planVersion, overrides: NO_OVERRIDES })
          }}
        />
        <Select
          label="Version"
          allowDeselect={false}
          data={versions.map((version) => ({ value: String(version), label: `${version}` }))}
          value={String(values.planVersion)}
          onChange={(version) => onChange({ ...values, planVersion: Number(version) })}
        />
        <DecimalField
          label="Quantity"
          value={values.quantity}
          onChange={(quantity) => onChange({ ...values, quantity })}
          error={errors.quantity}
        />
      </Group>
      <OverrideFields
        overrides={values.overrides}
        version={versionOf(plans, values)}
        onChange={(overrides) => onChange({ ...values, overrides })}
        errors={errors}
      />
      <WhenField
        when={values.when}
        onChange={(when) => onChange({ ...values, when })}
        periodEnd={isTrialing ? 'When the trial ends' : 'When the period ends'}
        error={errors.when}
      />
    </>
  )
}

function ChangeButton({
  subscription,
  body,
}: {
  readonly subscription: Subscription
  readonly body: ReturnType<typeof changeBody>
}) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const change = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/subscriptions/{subscriptionId}/change', {
          ...{ params: { path: { subscriptionId: subscription.id } }, headers, body },
        }),
      ),
    { onDone: () => void navigate({ to: paths.subscription(subscription.id) }) },
  )
  const isNow = body.when === 'now'
  return (
    <>
      <GuardedButton permission="billing:write" onClick={() => setOpen(true)}>
        {isNow ? 'Change it now' : 'Plan the change'}
      </GuardedButton>
      <ConfirmDialog
        title={isNow ? 'Change it now?' : 'Plan the change?'}
        action={isNow ? 'Change it' : 'Plan it'}
        isDangerous={false}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => change.mutate(undefined)}
        isRunning={change.isPending}
        error={change.error}
      >
        <Text mb="xs">
          <bdi>{body.plan}</bdi>, version {body.planVersion}, quantity {body.quantity}.
        </Text>
        <Text>
          {isNow
            ? 'The period under way ends here, and is invoiced; what comes after it is sold as you have said.'
            : 'Until then it goes on as it is, and the change can be taken back.'}
        </Text>
      </ConfirmDialog>
    </>
  )
}
