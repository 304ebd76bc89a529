import { Button, Group, Modal, Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../api/errors.ts'
import { saveFile } from '../components/csv.ts'
import { BillTable } from './BillTable.tsx'
import { Empty, Part } from './Part.tsx'
import { PayInvoice } from './PayInvoice.tsx'
import classes from './portal.module.css'
import { answered, type Invoice, type PortalApi } from './portal-api.ts'
import { usePart, usePortal } from './portal-context.tsx'

const ROWS = 12
const ASK_AGAIN_MS = 2_000

function pageOf(api: PortalApi, cursor: string | null) {
  const query = { limit: ROWS, ...(cursor === null ? {} : { cursor }) }
  return answered(api.GET('/api/portal/v1/invoices', { params: { query } }))
}

/** What was billed, the newest first. */
export function InvoicesPart() {
  const { words, api, link } = usePortal()
  const first = usePart(['invoices'], (api) => pageOf(api, null), isMovingMoney)
  const cursor = first.data?.nextCursor ?? null
  const more = useInfiniteQuery({
    queryKey: ['portal', link, 'more invoices', cursor],
    queryFn: ({ pageParam }) => pageOf(api, pageParam),
    initialPageParam: cursor,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: false,
  })
  const later = more.data?.pages.flatMap(({ data }) => data) ?? []
  const hasMore = more.data ? more.hasNextPage : cursor !== null
  return (
    <Part title={words.invoices} query={first} height={200}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty>{words.invoicesEmpty}</Empty>
        ) : (
          <>
            <InvoiceTable invoices={[...data, ...later]} />
            {hasMore && (
              <Button
                variant="default"
                mt="sm"
                loading={more.isFetching}
                onClick={() => void (more.data ? more.fetchNextPage() : more.refetch())}
              >
                {words.more}
              </Button>
            )}
          </>
        )
      }
    </Part>
  )
}

/** A charge is over in a moment, and most of them at once. */
function isMovingMoney({ data }: { readonly data: readonly Invoice[] }): number | false {
  return data.some(({ payment }) => payment?.status === 'pending') && ASK_AGAIN_MS
}

function InvoiceTable({ invoices }: { readonly invoices: readonly Invoice[] }) {
  const { words, format } = usePortal()
  const [shown, setShown] = useState<Invoice | null>(null)
  return (
    <>
      <table className={classes.table} aria-label={words.invoices}>
        <thead>
          <tr>
            <th scope="col">{words.number}</th>
            <th scope="col">{words.date}</th>
            <th scope="col" className={classes.wide}>
              {words.due}
            </th>
            <th scope="col" className={classes.wide}>
              {words.state}
            </th>
            <th scope="col" className={classes.right}>
              {words.total}
            </th>
            <th scope="col">
              <span className={classes.unseen}>{words.pdf}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <tr key={invoice.id}>
              <td>
                <button
                  type="button"
                  className={classes.link}
                  aria-label={words.showOf(invoice.number ?? '')}
                  onClick={() => setShown(invoice)}
                >
                  {invoice.number}
                </button>
                <span className={classes.narrow}>
                  <State invoice={invoice} />
                </span>
              </td>
              <td className={classes.unbroken}>
                {invoice.issuedAt && format.day(invoice.issuedAt)}
              </td>
              <td className={classes.wide}>{invoice.dueAt && format.day(invoice.dueAt)}</td>
              <td className={classes.wide}>
                <State invoice={invoice} />
              </td>
              <td className={classes.right}>
                {format.money(invoice.totalMinor, invoice.currency)}
              </td>
              <td className={classes.right}>
                <Group gap={6} justify="flex-end">
                  <PayInvoice invoice={invoice} />
                  <PdfButton invoice={invoice} />
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        title={words.invoice(shown?.number ?? '')}
        closeButtonProps={{ 'aria-label': words.close }}
        size="xl"
      >
        {shown && <InvoiceText invoice={shown} />}
      </Modal>
    </>
  )
}

function State({ invoice }: { readonly invoice: Invoice }) {
  const { words } = usePortal()
  const { payment, isOverdue, status } = invoice
  const underWay = payment && payment.status !== 'failed' ? payment.status : null
  const state =
    underWay ?? (isOverdue && payment === null ? 'overdue' : (payment?.status ?? status))
  return (
    <span className={classes.state} data-state={state}>
      {words.states[state] ?? state}
    </span>
  )
}

function InvoiceText({ invoice: { id, number } }: { readonly invoice: Invoice }) {
  const { words } = usePortal()
  const { data, error } = usePart(['invoice', id], (api) =>
    answered(
      api.GET('/api/portal/v1/invoices/{invoiceId}', { params: { path: { invoiceId: id } } }),
    ),
  )
  if (error) return <Text role="alert">{messageOf(error)}</Text>
  if (!data) return <Skeleton height={220} aria-hidden />
  return (
    <>
      <BillTable bill={data.invoice} name={words.invoice(number ?? '')} />
      {data.invoice.note && <p className={classes.note}>{data.invoice.note}</p>}
    </>
  )
}

function PdfButton({ invoice: { id, number } }: { readonly invoice: Invoice }) {
  const { words, api, onRefused } = usePortal()
  const [state, setState] = useState<'ready' | 'running' | 'failed'>('ready')
  const save = async (): Promise<void> => {
    setState('running')
    try {
      const pdf = await answered(
        api.GET('/api/portal/v1/invoices/{invoiceId}/pdf', {
          params: { path: { invoiceId: id } },
          parseAs: 'blob',
        }),
      )
      saveFile(`${(number ?? 'invoice').replaceAll('/', '-')}.pdf`, pdf as unknown as Blob)
      setState('ready')
    } catch (error) {
      onRefused(error)
      setState('failed')
    }
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={state === 'running'}
        aria-label={words.pdfOf(number ?? '')}
        onClick={() => void save()}
      >
        {words.pdf}
      </Button>
      {state === 'failed' && (
        <span role="alert" className={classes.hint}>
          {words.failed}
        </span>
      )}
    </>
  )
}
