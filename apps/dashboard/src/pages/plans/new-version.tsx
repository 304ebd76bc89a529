import { useNavigate, useParams } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Plan } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { PlanForm } from './PlanForm.tsx'
import { planQuery } from './plan.tsx'
import { EMPTY, type PlanValues, valuesOf, versionBody } from './plan-values.ts'
import { latestVersion } from './price-words.ts'

export function NewVersionPage() {
  const environment = useEnvironment()
  const { planKey } = useParams({ strict: false }) as { planKey: string }
  return (
    <Loaded query={planQuery(environment, planKey)} height={520} isFresh>
      {(plan) => <NewVersion plan={plan} />}
    </Loaded>
  )
}

function NewVersion({ plan }: { readonly plan: Plan }) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const latest = latestVersion(plan)
  const add = useAction(
    (values: PlanValues, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/plans/{plan}/versions', {
          params: { path: { plan: plan.key } },
          headers,
          body: { ...versionBody(values), ...(latest ? { basedOnVersion: latest.version } : {}) },
        }),
      ),
    { onDone: ({ key }) => void navigate({ to: paths.plan(key) }) },
  )
  return (
    <>
      <PageHeader
        title={`New version of ${plan.name}`}
        sentence="Who is on an earlier version stays there until you move them."
      />
      <PlanForm
        isNew={false}
        initial={{ ...EMPTY, ...(latest ? valuesOf(latest) : {}) }}
        action="Add the version"
        save={add}
      />
    </>
  )
}
