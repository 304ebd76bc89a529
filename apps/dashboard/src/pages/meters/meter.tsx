import { Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Meter } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { UsageChart } from '../../components/UsageChart.tsx'
import { useEnvironmentNow } from '../../components/usage.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { BlockSkeleton, RowsSkeleton } from '../../ui/states.tsx'
import { Id, StateBadge, Time } from '../../ui/values.tsx'
import { ToldToStripe } from '../stripe/ToldToStripe.tsx'
import { EditMeter, LATE } from './EditMeter.tsx'
import { describeFilter } from './filter-words.ts'
import { MeterBreakdown } from './MeterBreakdown.tsx'
import { stateOf } from './meters.tsx'

function meterQuery({ api, key }: Environment, meter: string) {
  return {
    queryKey: [...key, 'meters', meter],
    queryFn: () => answered(api.GET('/api/v1/meters/{meter}', { params: { path: { meter } } })),
  }
}

export function MeterPage() {
  const environment = useEnvironment()
  const { meterKey } = useParams({ strict: false }) as { meterKey: string }
  return (
    <Loaded query={meterQuery(environment, meterKey)} height={520}>
      {(meter) => <MeterRecord meter={meter} />}
    </Loaded>
  )
}

function MeterRecord({ meter }: { readonly meter: Meter }) {
  const now = useEnvironmentNow()
  return (
    <RecordPage
      title={meter.name}
      badge={<StateBadge state={stateOf(meter)} />}
      sentence={<Id value={meter.key} whole />}
      record={meter}
      call={`GET /api/v1/meters/${encodeURIComponent(meter.key)}`}
      actions={
        <>
          <EditMeter meter={meter} />
          <ArchiveMeter meter={meter} />
        </>
      }
      facts={{
        Event: meter.eventName,
        Aggregation: aggregationOf(meter),
        Filter: meter.filter == null ? 'all events' : describeFilter(meter.filter),
        Unit: meter.unit || '–',
        'Late usage': LATE[meter.lateUsage],
        'Told to Stripe': <ToldToStripe meter={meter.key} />,
        Made: <Time at={meter.createdAt} />,
      }}
    >
      <Section title="Usage of all customers">
        {now === null ? <BlockSkeleton height={320} /> : <UsageChart meter={meter} now={now} />}
      </Section>
      <Section title="Most used this month">
        {now === null ? <RowsSkeleton rows={4} /> : <MeterBreakdown meter={meter} now={now} />}
      </Section>
    </RecordPage>
  )
}

function aggregationOf({ aggregation, valueProperty }: Meter): string {
  return valueProperty === null ? aggregation : `${aggregation} of ${valueProperty.join('.')}`
}

function ArchiveMeter({ meter }: { readonly meter: Meter }) {
  const [isOpen, setOpen] = useState(false)
  const archive = useAction(
    (_: undefined, { environment, headers }) =>
      answered(
        environment.api.DELETE('/api/v1/meters/{meter}', {
          params: { path: { meter: meter.key } },
          headers,
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="catalog:write"
        variant="default"
        refusal={meter.archivedAt === null ? null : 'It is archived already.'}
        onClick={() => setOpen(true)}
      >
        Archive
      </GuardedButton>
      <ConfirmDialog
        title={`Archive ${meter.name}?`}
        action="Archive"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => archive.mutate(undefined)}
        isRunning={archive.isPending}
        error={archive.error}
        typed={meter.key}
      >
        <Text>
          It counts nothing from now on, and no plan can price it. What it has counted stays.
        </Text>
      </ConfirmDialog>
    </>
  )
}
