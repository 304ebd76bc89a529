import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Invoice } from '../../api/records.ts'
import { List, type ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Money, Nothing, Quantity, Time, UnitPrice } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'

type Line = Invoice['lines'][number]

/** What is charged for, each line with the events that it counts. */
export function InvoiceLines({ invoice }: { readonly invoice: Invoice }) {
  const [shown, setShown] = useState<Line | null>(null)
  const isFinal = invoice.status !== 'draft'
  return (
    <>
      <DataTable
        label="Lines"
        rows={invoice.lines}
        rowId={({ lineNo }) => String(lineNo)}
        columns={[...lineColumns(invoice.currency), ...(isFinal ? [eventsColumn(setShown)] : [])]}
      />
      <Drawer
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        size="xl"
        title={shown ? `Events of “${shown.description}”` : ''}
      >
        {shown && <LineEvents invoiceId={invoice.id} lineNo={shown.lineNo} />}
      </Drawer>
    </>
  )
}

/** What every line says, whether of an invoice or of a preview. */
export function lineColumns(currency: string): Column<Line>[] {
  return [
    { id: 'description', header: 'Description', value: ({ description }) => description },
    {
      id: 'quantity',
      header: 'Used',
      align: 'right',
      value: ({ quantity }) => quantity,
      cell: ({ kind, quantity }) => (isOfUsage(kind) ? <Quantity value={quantity} /> : <Nothing />),
    },
    {
      id: 'included',
      header: 'Included',
      align: 'right',
      value: ({ included }) => included,
      cell: ({ kind, included }) => (isOfUsage(kind) ? <Quantity value={included} /> : <Nothing />),
    },
    {
      id: 'units',
      header: 'Billed',
      align: 'right',
      value: ({ units }) => units,
      cell: (line) => (hasUnits(line) ? <Quantity value={line.units} /> : <Nothing />),
    },
    {
      id: 'price',
      header: 'Price',
      align: 'right',
      value: ({ unitPrice }) => unitPrice,
      cell: (line) =>
        hasUnits(line) ? <UnitPrice amount={line.unitPrice} currency={currency} /> : <Nothing />,
    },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      value: ({ amountMinor }) => BigInt(amountMinor),
      cell: ({ amountMinor }) => <Money amountMinor={amountMinor} currency={currency} />,
    },
  ]
}

function eventsColumn(show: (line: Line) => void): Column<Line> {
  return {
    id: 'events',
    header: 'Events',
    align: 'right',
    value: () => null,
    cell: (line) =>
      line.kind === 'usage' ? (
        <Button size="compact-xs" variant="default" onClick={() => show(line)}>
          Show
        </Button>
      ) : (
        <Nothing />
      ),
  }
}

function isOfUsage(kind: Line['kind']): boolean {
  return kind === 'usage' || kind === 'late'
}

/** What lifts a sum to a minimum, or lowers it to a maximum, is an amount of no units. */
function hasUnits({ kind, rule }: Line): boolean {
  return kind !== 'true_up' && rule !== 'minimum' && rule !== 'maximum'
}

type LineEvent = {
  readonly eventId: string
  readonly customerId: string
  readonly timestamp: string
  readonly amount: string
  readonly value: string | null
}

/** Exactly the events that the line counts: it can be checked by hand. */
function LineEvents({
  invoiceId,
  lineNo,
}: {
  readonly invoiceId: string
  readonly lineNo: number
}) {
  const { paths } = useEnvironment()
  const [list] = useState(() => lineEventsList(invoiceId, lineNo))
  return (
    <List
      list={list}
      label="Events of the line"
      rowHref={({ eventId }) => paths.event(eventId)}
      empty={<EmptyState title="No events">The line counts no single event.</EmptyState>}
    />
  )
}

function lineEventsList(invoiceId: string, lineNo: number): ListDefinition<LineEvent> {
  return {
    name: `events-of-${invoiceId}-${lineNo}`,
    fetchPage: ({ api }, request) =>
      answered(
        api.GET('/api/v1/invoices/{invoiceId}/lines/{lineNo}/events', {
          params: {
            path: { invoiceId, lineNo: lineNo as never }, // a number there, a text in the document
            query: pageQuery({ ...request, filters: {} }),
          },
          signal: request.signal,
        }),
      ),
    rowId: ({ eventId }) => eventId,
    columns: [
      {
        id: 'time',
        header: 'When',
        value: ({ timestamp }) => timestamp,
        cell: ({ timestamp }) => <Time at={timestamp} exact />,
      },
      customerColumn,
      {
        id: 'amount',
        header: 'Amount',
        align: 'right',
        value: ({ amount }) => amount,
        cell: ({ amount }) => <Quantity value={amount} />,
      },
      {
        id: 'value',
        header: 'Counted as',
        align: 'right',
        value: ({ value }) => value,
        cell: ({ value }) => <Quantity value={value} />,
      },
    ],
  }
}
