import { useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Alert, AlertState } from '../../api/records.ts'
import { metersQuery, plansQuery } from '../../components/catalog.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { formatThreshold } from '../../ui/format.ts'
import { PageLink } from '../../ui/page.tsx'
import { Id, Nothing, Quantity, Time, UnitPrice } from '../../ui/values.tsx'
import { CustomerLink, customerColumn } from '../customers/CustomerName.tsx'
import { RemoveAlert } from './RemoveAlert.tsx'

export const alertsList: ListDefinition<Alert> = {
  name: 'alerts',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/alerts', {
        params: { query: pageQuery({ ...request, filters: {} }) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'name', header: 'Name', value: ({ name }) => name },
    {
      id: 'of',
      header: 'Of',
      value: ({ kind, currency, meterId }) => `${kind} ${currency ?? meterId ?? ''}`,
      cell: (alert) => <Subject alert={alert} />,
    },
    { id: 'window', header: 'In a', value: ({ window }) => window },
    {
      id: 'thresholds',
      header: 'At',
      value: ({ thresholds }) => thresholds.join(', '),
      cell: ({ thresholds, currency }) =>
        thresholds.map((threshold) => formatThreshold(threshold, currency)).join(', '),
    },
    {
      id: 'whom',
      header: 'Whom',
      value: ({ customerId, planId }) => customerId ?? planId ?? 'every customer',
      cell: (alert) => <Whom alert={alert} />,
    },
    {
      id: 'created',
      header: 'Made',
      isExtra: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (alert) => <RemoveAlert alert={alert} />,
    },
  ],
}

function Subject({ alert: { kind, meterId, currency } }: { readonly alert: Alert }) {
  const { data: meters } = useQuery(metersQuery(useEnvironment()))
  const meter = meters?.find(({ id }) => id === meterId)
  return (
    <span>
      {kind} {currency ?? <bdi>{meter?.name ?? meterId ?? ''}</bdi>}
    </span>
  )
}

function Whom({ alert: { customerId, planId } }: { readonly alert: Alert }) {
  if (customerId !== null) return <CustomerLink customerId={customerId} />
  if (planId !== null) return <OnPlan planId={planId} />
  return 'every customer'
}

function OnPlan({ planId }: { readonly planId: string }) {
  const environment = useEnvironment()
  const { data: plans } = useQuery(plansQuery(environment))
  const plan = plans?.find(({ id }) => id === planId)
  if (!plan) return <Id value={planId} />
  return (
    <span>
      on <PageLink to={environment.paths.plan(plan.key)}>{plan.name}</PageLink>
    </span>
  )
}

export const reachedList: ListDefinition<AlertState> = {
  name: 'alert-states',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/alert-states', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: (state) =>
    [state.alertId, state.customerId, state.windowStart, state.threshold, state.reachedAt].join(
      ' ',
    ),
  filters: [{ name: 'customerId', label: 'Customer', placeholder: 'user_123' }],
  columns: [
    { ...customerColumn, cell: CustomerLink },
    { id: 'alert', header: 'Alert', value: ({ name, kind }) => (name === '' ? kind : name) },
    {
      id: 'threshold',
      header: 'Threshold',
      align: 'right',
      value: ({ threshold }) => threshold,
      cell: ({ threshold, currency }) => formatThreshold(threshold, currency),
    },
    {
      id: 'value',
      header: 'When told',
      align: 'right',
      value: ({ value }) => value,
      cell: ({ value, currency }) =>
        currency === null ? (
          <Quantity value={value} />
        ) : (
          <UnitPrice amount={value} currency={currency} />
        ),
    },
    {
      id: 'window',
      header: 'Since',
      value: ({ windowStart }) => windowStart,
      cell: ({ windowStart }) => (windowStart ? <Time at={windowStart} exact /> : <Nothing />),
    },
    {
      id: 'reached',
      header: 'Reached',
      value: ({ reachedAt }) => reachedAt,
      cell: ({ reachedAt }) => <Time at={reachedAt} />,
    },
    { id: 'alertId', header: 'Id of the alert', isExtra: true, value: ({ alertId }) => alertId },
  ],
}
