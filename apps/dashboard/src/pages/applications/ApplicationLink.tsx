import { useEnvironment } from '../../api/environment.tsx'
import { PageLink } from '../../ui/page.tsx'

/** An application by its name, leading to it. */
export function ApplicationLink({
  application,
  isInText = false,
}: {
  readonly application: string
  readonly isInText?: boolean
}) {
  return (
    <PageLink to={useEnvironment().paths.application(application)} isInText={isInText}>
      <bdi>{application}</bdi>
    </PageLink>
  )
}
