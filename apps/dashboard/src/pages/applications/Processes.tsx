import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { ApplicationProcess } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { formatQuantity } from '../../ui/format.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Nothing, Time } from '../../ui/values.tsx'

const REFRESH_MS = 15_000

function processesQuery({ api, key }: Environment, applicationName: string) {
  return {
    queryKey: [...key, 'applications', applicationName, 'processes'],
    queryFn: () =>
      answered(
        api.GET('/api/v1/control/applications/{applicationName}/processes', {
          params: { path: { applicationName } },
        }),
      ),
    refetchInterval: REFRESH_MS,
  }
}

/** Which processes report, and whether anything of what they told or metered was lost on the way. */
export function Processes({ application }: { readonly application: string }) {
  return (
    <Loaded query={processesQuery(useEnvironment(), application)} height={320}>
      {({ data }) =>
        data.length === 0 ? (
          <EmptyState title="No process reports">
            None has told anything for seven days. Whatever it asks for it still gets.
          </EmptyState>
        ) : (
          <DataTable
            label="Processes"
            rows={data}
            rowId={({ producer }) => producer}
            columns={COLUMNS}
          />
        )
      }
    </Loaded>
  )
}

const COLUMNS: readonly Column<ApplicationProcess>[] = [
  {
    id: 'producer',
    header: 'Process',
    value: ({ producer }) => producer,
    cell: ({ producer }) => <Id value={producer} />,
  },
  {
    id: 'agent',
    header: 'Runs',
    value: ({ agent }) => agent,
    cell: ({ agent }) => <bdi>{agent}</bdi>,
  },
  {
    id: 'since',
    header: 'Since',
    value: ({ firstReportedAt }) => firstReportedAt,
    cell: ({ firstReportedAt }) => <Time at={firstReportedAt} />,
  },
  {
    id: 'last',
    header: 'Last report',
    value: ({ lastReportedAt }) => lastReportedAt,
    cell: ({ lastReportedAt }) => <Time at={lastReportedAt} />,
  },
  countColumn('produced', 'Usage measured', ({ usage }) => usage?.produced),
  countColumn('delivered', 'Delivered', ({ usage }) => usage?.delivered),
  countColumn('queued', 'Waits', ({ usage }) => usage?.queued),
  countColumn('lost', 'Lost', ({ usage }) => usage && usage.refused + usage.dropped),
  countColumn('missed', 'Reports missed', ({ missed }) => missed),
  countColumn('left', 'Rows left out', ({ leftOut }) => leftOut),
]

function countColumn(
  id: string,
  header: string,
  value: (process: ApplicationProcess) => number | null | undefined,
): Column<ApplicationProcess> {
  return {
    ...{ id, header, align: 'right' },
    value: (process) => value(process) ?? null,
    cell: (process) => {
      const count = value(process) ?? null
      return count === null ? <Nothing /> : formatQuantity(String(count))
    },
  }
}
