import { useNavigate, useParams } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { changedFields } from '../../ui/changed-fields.ts'
import { PageHeader } from '../../ui/page.tsx'
import { PolicyForm } from './PolicyForm.tsx'
import { policyQuery } from './policy-query.ts'
import { type PolicyValues, policyBody, valuesOfPolicy } from './policy-values.ts'

export function ChangePolicyPage() {
  const environment = useEnvironment()
  const { policyKey } = useParams({ strict: false }) as { policyKey: string }
  return (
    <Loaded query={policyQuery(environment, policyKey)} height={520} isFresh>
      {(policy) => <ChangePolicy key={policy.id} policy={policy} />}
    </Loaded>
  )
}

/** What was not touched is not sent: somebody else may have changed it meanwhile. */
function ChangePolicy({ policy }: { readonly policy: Policy }) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const initial = valuesOfPolicy(policy)
  const change = useAction(
    (values: PolicyValues, { environment: { api }, headers }) =>
      answered(
        api.PATCH('/api/v1/control/policies/{policy}', {
          params: { path: { policy: policy.id } },
          headers,
          body: changedFields(policyBody(initial), policyBody(values)),
        }),
      ),
    { onDone: ({ key }) => void navigate({ to: paths.policy(key) }) },
  )
  return (
    <>
      <PageHeader
        title={
          <>
            Change <bdi>{policy.name}</bdi>
          </>
        }
        sentence="Your services know within two seconds. What was metered before stays as it was counted."
      />
      <PolicyForm id={policy.id} initial={initial} action="Save" save={change} />
    </>
  )
}
