import { Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import type { Plan } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { FormError } from '../../ui/form.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type Compared, Comparison } from './Comparison.tsx'
import { planQuery } from './plan.tsx'
import { type MoveAsked, type MovedRow, moveAll } from './simulation.ts'

/** Moves those on one version of a plan to another, after a look at what it means for each. */
export function MoveSubscriptionsPage() {
  const environment = useEnvironment()
  const { planKey } = useParams({ strict: false }) as { planKey: string }
  return (
    <Loaded query={planQuery(environment, planKey)} height={520}>
      {(plan) => (
        <>
          <PageHeader
            title={`Move subscriptions of ${plan.name}`}
            sentence="Who is on an earlier version stays there until they are moved. See first what it means for each."
          />
          {plan.versions.length < 2 ? (
            <EmptyState title="There is only one version">
              Add a version first; then whoever is on this one can be moved.
            </EmptyState>
          ) : (
            <Move plan={plan} />
          )}
        </>
      )}
    </Loaded>
  )
}

/** What is to be moved where; it stands in the address. */
function useMove(plan: Plan): {
  readonly asked: MoveAsked
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
} {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>
  const navigate = useNavigate()
  const numbers = plan.versions.map(({ version }) => version).sort((a, b) => b - a)
  const [latest = 1, before = 1] = numbers
  return {
    asked: {
      plan: plan.key,
      from: Number(search.from ?? before),
      to: Number(search.to ?? latest),
      when: search.when === 'now' ? 'now' : 'period_end',
    },
    set: (changes) =>
      void navigate({
        to: '.',
        search: (old: object) => ({ ...old, ...changes }),
        replace: true,
      } as Parameters<typeof navigate>[0]),
  }
}

function Move({ plan }: { readonly plan: Plan }) {
  const { asked, set } = useMove(plan)
  const refusal = useRefusal('billing:write')
  const preview = useAction((of: MoveAsked, { environment, headers }) =>
    moveAll(environment, of, { dryRun: true, headers }),
  )
  const versions = plan.versions.map(({ version }) => ({
    value: String(version),
    label: `Version ${version}`,
  }))
  const isShown = preview.data && JSON.stringify(preview.variables) === JSON.stringify(asked)
  const same = asked.from === asked.to ? 'Choose two versions.' : null
  return (
    <>
      <Stack gap="md" maw={520}>
        <Group grow>
          <Select
            label="From"
            allowDeselect={false}
            data={versions}
            value={String(asked.from)}
            onChange={(value) => set({ from: value ?? undefined })}
          />
          <Select
            label="To"
            allowDeselect={false}
            data={versions}
            value={String(asked.to)}
            onChange={(value) => set({ to: value ?? undefined })}
          />
        </Group>
        <SegmentedControl
          aria-label="When"
          value={asked.when}
          onChange={(when) => set({ when })}
          data={[
            { value: 'period_end', label: 'When their period ends' },
            { value: 'now', label: 'Now' },
          ]}
        />
        <FormError error={preview.error} />
        {refusal !== null && (
          <Text size="sm" c="dimmed">
            {refusal}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            disabled={refusal !== null || same !== null}
            loading={preview.isPending}
            onClick={() => preview.mutate(asked)}
          >
            Preview
          </Button>
          {isShown && <MoveButton asked={asked} rows={preview.data.rows} />}
        </Group>
      </Stack>
      {isShown && (
        <Section title="The period under way, with the usage so far">
          <Comparison
            label="Subscriptions that would move"
            rows={preview.data.rows.map(toCompared)}
            empty={`No subscription is on version ${asked.from}.`}
          />
        </Section>
      )}
    </>
  )
}

function MoveButton({
  asked,
  rows,
}: {
  readonly asked: MoveAsked
  readonly rows: readonly MovedRow[]
}) {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const count = rows.filter(({ refused }) => refused === null).length
  const move = useAction(
    (_: undefined, { environment, headers }) =>
      moveAll(environment, asked, { dryRun: false, headers }),
    {
      onDone: ({ rows: moved }) => {
        const done = moved.filter(({ refused }) => refused === null).length
        notifications.show({ message: `${done} moved` })
        void navigate({ to: paths.subscriptions })
      },
    },
  )
  const what = `${count} ${count === 1 ? 'subscription' : 'subscriptions'}`
  return (
    <>
      <GuardedButton
        permission="billing:write"
        refusal={count === 0 ? 'Nobody would move.' : null}
        onClick={() => setOpen(true)}
      >
        Move {what}
      </GuardedButton>
      <ConfirmDialog
        title={`Move ${what}?`}
        action="Move them"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => move.mutate(undefined)}
        isRunning={move.isPending}
        error={move.error}
        typed={asked.plan}
      >
        <Text>
          {asked.when === 'now'
            ? 'Their period is cut now, and the rest of it is billed by the other version.'
            : 'The period under way stays as it is; the next one is billed by the other version.'}
        </Text>
      </ConfirmDialog>
    </>
  )
}

function toCompared({ before, after, refused, ...row }: MovedRow): Compared {
  return {
    ...row,
    currency: before?.currency ?? after?.currency ?? 'USD',
    beforeMinor: before?.totalMinor ?? null,
    afterMinor: after?.totalMinor ?? null,
    refused: refused?.message ?? null,
  }
}
