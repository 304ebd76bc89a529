import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Policy } from '../../api/records.ts'
import { ArchiveButton } from '../../components/archivable.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { refusals, refusalWords } from './decisions.ts'
import { decisionsQuery } from './policy-query.ts'

const permission = 'control:write'
const NAMED_MAX = 3

/** Its mode, its change and its end. */
export function PolicyActions({ policy }: { readonly policy: Policy }) {
  const { paths } = useEnvironment()
  const refusal = policy.archivedAt === null ? null : 'It is archived.'
  return (
    <>
      {policy.mode !== 'off' && <ModeButton policy={policy} mode="off" refusal={refusal} />}
      {policy.mode !== 'shadow' && <ModeButton policy={policy} mode="shadow" refusal={refusal} />}
      <ArchiveButton
        named={policy}
        permission={permission}
        size="sm"
        meaning="It holds for nothing any more, within two seconds, and cannot be brought back. What it has metered stays."
        archive={({ environment: { api }, headers }) =>
          answered(
            api.POST('/api/v1/control/policies/{policy}/archive', {
              ...{ params: { path: { policy: policy.id } }, headers },
            }),
          )
        }
      />
      <GuardedButton
        permission={permission}
        variant="default"
        refusal={refusal}
        to={paths.changePolicy(policy.key)}
      >
        Change
      </GuardedButton>
      {policy.mode !== 'enforce' && <ModeButton policy={policy} mode="enforce" refusal={refusal} />}
    </>
  )
}

const WORDS = {
  enforce: { label: 'Enforce', title: 'Enforce it?', action: 'Enforce it' },
  shadow: { label: 'Only shadow', title: 'Let everything through?', action: 'Only shadow' },
  off: { label: 'Switch off', title: 'Switch it off?', action: 'Switch it off' },
} as const

function ModeButton({
  policy,
  mode,
  refusal,
}: {
  readonly policy: Policy
  readonly mode: Policy['mode']
  readonly refusal: string | null
}) {
  const [isOpen, setOpen] = useState(false)
  const change = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.PATCH('/api/v1/control/policies/{policy}', {
          ...{ params: { path: { policy: policy.id } }, headers, body: { mode } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  const { label, title, action } = WORDS[mode]
  return (
    <>
      <GuardedButton
        permission={permission}
        variant={mode === 'enforce' ? 'filled' : 'default'}
        refusal={refusal}
        onClick={() => setOpen(true)}
      >
        {label}
      </GuardedButton>
      <ConfirmDialog
        title={title}
        action={action}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => change.mutate(undefined)}
        isRunning={change.isPending}
        error={change.error}
        isDangerous={mode === 'enforce'}
      >
        {mode === 'enforce' ? (
          <WouldRefuse policy={policy} />
        ) : (
          <Text>
            {mode === 'shadow'
              ? 'It goes on deciding and metering, and refuses nobody.'
              : 'It decides and meters nothing until it is switched on again.'}
          </Text>
        )}
      </ConfirmDialog>
    </>
  )
}

/** What enforcing would have meant for the last day. */
function WouldRefuse({ policy }: { readonly policy: Policy }) {
  const { data: decisions, error } = useQuery(decisionsQuery(useEnvironment(), policy.id))
  if (policy.limits.length === 0) return <Text>It has no limit, so that it refuses nobody.</Text>
  if (error) return <Text>Whom it would have refused could not be read.</Text>
  if (!decisions) return <Text>Looking at what it would have refused…</Text>
  const shadowed = decisions.limits.filter(({ mode }) => mode === 'shadow')
  const whom = shadowed
    .flatMap(({ identities }) => identities)
    .filter((identity) => refusals(identity) > 0)
  const names = [...new Set(whom.map(({ id }) => id))]
  return (
    <>
      <Text>
        {decisions.requests === null || decisions.requests === 0
          ? 'In the last 24 hours no request that it covers was seen, so that nobody knows whom it will refuse.'
          : `In the last 24 hours it would have refused ${refusalWords(decisions, 'shadow')}.`}
      </Text>
      {names.length > 0 && (
        <Text>
          Most of them of <bdi>{names.slice(0, NAMED_MAX).join(', ')}</bdi>
          {names.length > NAMED_MAX && ` and ${names.length - NAMED_MAX} others`}.
        </Text>
      )}
      <Text>From now on they get a 429, within two seconds.</Text>
    </>
  )
}
