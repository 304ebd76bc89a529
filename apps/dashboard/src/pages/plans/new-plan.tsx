import { useNavigate } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { PlanForm } from './PlanForm.tsx'
import { EMPTY, type PlanValues, versionBody } from './plan-values.ts'

export function NewPlanPage() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const make = useAction(
    (values: PlanValues, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/plans', {
          headers,
          body: {
            key: values.key.trim(),
            name: values.name.trim() || values.key.trim(),
            ...versionBody(values),
          },
        }),
      ),
    { onDone: ({ key }) => void navigate({ to: paths.plan(key) }) },
  )
  return (
    <>
      <PageHeader
        title="New plan"
        sentence="Prices never change for whoever has bought them: a change is a new version."
      />
      <PlanForm isNew initial={EMPTY} action="Make the plan" save={make} />
    </>
  )
}
