import { Group, SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { EndpointStatistics } from '../../api/records.ts'
import { readNow } from '../../clock.ts'
import { formatBytes, formatDuration, formatQuantity, formatShare } from '../../ui/format.ts'
import { Tile, Tiles } from '../../ui/page.tsx'
import { type Series, SeriesChart } from '../../ui/SeriesChart.tsx'
import { BlockSkeleton, ErrorState } from '../../ui/states.tsx'
import { Nothing } from '../../ui/values.tsx'
import { type Moment, momentsOf, RANGES, type RangeName } from './traffic.ts'

const REFRESH_MS = 15_000

function statisticsQuery({ api, key }: Environment, endpoint: string, range: RangeName) {
  const { ms, by } = RANGES[range]
  return {
    queryKey: [...key, 'endpoints', endpoint, 'statistics', range],
    queryFn: () => {
      const to = readNow()
      const query = {
        ...{ by, to: to.toISOString() },
        from: new Date(to.getTime() - ms).toISOString(),
      }
      return answered(
        api.GET('/api/v1/control/endpoints/{endpoint}/statistics', {
          params: { path: { endpoint }, query },
        }),
      )
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  }
}

/** How an endpoint did: requests, statuses, latencies and bytes over time. */
export function EndpointTraffic({ endpointId }: { readonly endpointId: string }) {
  const [range, setRange] = useState<RangeName>('24h')
  const { data, error, refetch } = useQuery(statisticsQuery(useEnvironment(), endpointId, range))
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <SegmentedControl
          size="xs"
          aria-label="Range"
          value={range}
          onChange={(value) => setRange(value as RangeName)}
          data={Object.entries(RANGES).map(([value, { label }]) => ({ value, label }))}
        />
      </Group>
      {data ? (
        <Figures statistics={data} range={range} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <BlockSkeleton height={640} />
      )}
    </Stack>
  )
}

const CLASSES: readonly Series[] = [
  { id: '2xx', label: '2xx', color: 'var(--uf-drawn-good)' },
  { id: '3xx', label: '3xx', color: 'var(--uf-drawn-open)' },
  { id: '4xx', label: '4xx', color: 'var(--uf-drawn-warn)' },
  { id: '5xx', label: '5xx', color: 'var(--uf-drawn-bad)' },
]
const ERRORS: readonly Series[] = [{ id: '5xx', label: '5xx', color: 'var(--uf-drawn-bad)' }]
const LINE = { color: 'var(--uf-link)' }
const LATENCIES: readonly Series[] = [
  { id: 'p50', label: 'p50', ...LINE },
  { id: 'p95', label: 'p95', dash: '6 3', ...LINE },
  { id: 'p99', label: 'p99', dash: '2 3', ...LINE },
]
const BYTES: readonly Series[] = [
  { id: 'in', label: 'received', color: 'var(--uf-plain-text)' },
  { id: 'out', label: 'sent', color: 'var(--uf-link)' },
]

function Figures({
  statistics,
  range,
}: {
  readonly statistics: EndpointStatistics
  readonly range: RangeName
}) {
  const { total } = statistics
  const moments = momentsOf(statistics, range, readNow())
  return (
    <>
      <Totals total={total} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <SeriesChart
          title="Requests"
          kind="bars"
          series={withTotals(CLASSES, total.statuses, formatCount)}
          points={pointsOf(moments, (figures) =>
            Object.fromEntries(CLASSES.map(({ id }) => [id, figures?.statuses[id] ?? 0])),
          )}
          format={formatCount}
        />
        <SeriesChart
          title="Latency"
          kind="lines"
          series={withTotals(LATENCIES, total.latencyMs ?? {}, formatDuration)}
          points={pointsOf(moments, (figures) => ({ ...(figures?.latencyMs ?? NO_LATENCY) }))}
          format={formatDuration}
        />
        <SeriesChart
          title="Errors, of all requests"
          kind="bars"
          series={ERRORS}
          points={pointsOf(moments, (figures) => ({ '5xx': figures?.errorRate ?? null }))}
          format={formatShare}
        />
        <SeriesChart
          title="Bytes"
          kind="bars"
          series={withTotals(
            BYTES,
            { in: total.requestBytes, out: total.responseBytes },
            formatBytes,
          )}
          points={pointsOf(moments, (figures) => ({
            in: figures?.requestBytes ?? 0,
            out: figures?.responseBytes ?? 0,
          }))}
          format={formatBytes}
        />
      </SimpleGrid>
    </>
  )
}

const NO_LATENCY = { p50: null, p95: null, p99: null }

function formatCount(count: number): string {
  return formatQuantity(String(count))
}

function withTotals(
  series: readonly Series[],
  totals: Readonly<Record<string, number>>,
  format: (value: number) => string,
): readonly Series[] {
  return series.map((each) => {
    const total = totals[each.id]
    return total === undefined ? each : { ...each, total: format(total) }
  })
}

function pointsOf(
  moments: readonly Moment[],
  valuesOf: (figures: Moment['figures']) => Readonly<Record<string, number | null>>,
) {
  return moments.map(({ figures, ...moment }) => ({ ...moment, values: valuesOf(figures) }))
}

function Totals({ total }: { readonly total: EndpointStatistics['total'] }) {
  const { requests, errorRate, latencyMs, unmetered } = total
  return (
    <Tiles>
      <Tile label="Requests" value={formatCount(requests)} hint="in this time" />
      <Tile
        label="Errors"
        value={errorRate === null ? <Nothing /> : formatShare(errorRate)}
        hint="answered by 500 or more"
      />
      <Tile
        label="Latency"
        value={latencyMs === null ? <Nothing /> : formatDuration(latencyMs.p95)}
        hint="95 of 100 requests were not slower"
      />
      <Tile
        label="Without a customer"
        value={formatCount(unmetered)}
        hint="that were to be metered"
      />
    </Tiles>
  )
}
