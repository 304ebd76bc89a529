import { useNavigate, useSearch } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { PolicyForm } from './PolicyForm.tsx'
import { EMPTY_POLICY, type PolicyValues, policyBody } from './policy-values.ts'

/** What the address says already, where an endpoint led here. */
type Asked = Partial<Pick<PolicyValues, 'application' | 'method' | 'url'>>

export function NewPolicyPage() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const { application, method, url } = useSearch({ strict: false }) as Asked
  const asked = { application: application ?? '', method: method ?? '*', url: url ?? '' }
  const make = useAction(
    (values: PolicyValues, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/control/policies', {
          headers,
          body: { key: values.key.trim(), ...policyBody(values) },
        }),
      ),
    { onDone: ({ key }) => void navigate({ to: paths.policy(key) }) },
  )
  return (
    <>
      <PageHeader
        title="New policy"
        sentence="In shadow it decides and lets everything through, so that you see first whom it would refuse."
      />
      <PolicyForm
        id={null}
        initial={{ ...EMPTY_POLICY, ...asked }}
        action="Make the policy"
        save={make}
      />
    </>
  )
}
