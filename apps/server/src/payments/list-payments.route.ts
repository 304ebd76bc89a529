import { z } from 'zod'
import { numbersOfInvoices } from '../invoicing/invoice-numbers.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { customerIdField, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { disputeReply, toDispute } from './dispute-reply.ts'
import { selectDisputesOf } from './disputes.store.ts'
import { PAYMENT_STATUSES, type Payment } from './payment.ts'
import { selectLabels } from './payment-methods.store.ts'
import { paymentReply, toPayment } from './payment-reply.ts'
import { selectPayments } from './payments.store.ts'

const listedReply = paymentReply
  .extend({
    invoiceNumber: z.string().nullable(),
    paymentMethodLabel: z
      .string()
      .nullable()
      .meta({ description: 'What people call the payment method, like `Visa •••• 4242`' }),
    disputes: z.array(disputeReply).meta({ description: 'The newest first' }),
  })
  .meta({ id: 'ListedPayment' })

/** Payments with what people want to know beside each. */
export function listPaymentsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/payments',
    tag: 'Payments',
    summary: 'List payments, the newest first',
    description: 'Every attempt is a payment of its own.',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      invoiceId: textField(100).optional(),
      customerId: customerIdField.optional(),
      status: z.enum(PAYMENT_STATUSES).optional(),
    }),
    replies: { 200: pageOf(listedReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectPayments(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        invoiceId: query.invoiceId ?? null,
        customer: query.customerId ?? null,
        status: query.status ?? null,
      })
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => [createdAt.toISOString(), id])
      return {
        status: 200,
        body: { ...page, data: await listed(tx, caller.envId, page.data) },
      }
    },
  })
}

async function listed(
  tx: Tx,
  envId: number,
  payments: readonly Payment[],
): Promise<z.input<typeof listedReply>[]> {
  const invoiceIds = payments.map(({ invoiceId }) => invoiceId)
  const methodIds = payments.flatMap(({ methodId }) => methodId ?? [])
  const numbers = await numbersOfInvoices(tx, envId, invoiceIds)
  const labels = await selectLabels(tx, envId, methodIds)
  const disputes = await selectDisputesOf(
    tx,
    envId,
    payments.map(({ id }) => id),
  )
  return payments.map((payment) => ({
    ...toPayment(payment),
    invoiceNumber: numbers.get(payment.invoiceId) ?? null,
    paymentMethodLabel: labels.get(payment.methodId ?? '') ?? null,
    disputes: disputes.filter(({ paymentId }) => paymentId === payment.id).map(toDispute),
  }))
}
