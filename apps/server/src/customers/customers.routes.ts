import { z } from 'zod'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { Customer } from './customer.ts'
import { selectCustomers } from './customers.store.ts'
import { changeCustomer, declareCustomer, getCustomer } from './declare-customer.ts'
import { failures } from './failures.ts'

const customerReply = z
  .object({
    id: z.string(),
    customerId: customerIdField,
    name: z.string(),
    parentId: z
      .string()
      .nullable()
      .meta({ description: 'The customer above this one; null: only the root customer' }),
    createdAt: instantText,
  })
  .meta({ id: 'Customer' })

const params = z.object({ customerId: customerIdField })
const nameField = textField(200, 0)

export function customersRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers',
      tag: 'Customers',
      summary: 'Make sure that a customer exists',
      description:
        'Answers 201 when the customer is new and 200 when it exists, which may be through its first event; then what is sent is changed and the rest stays. A parent given to an existing customer holds from now on.',
      scope: 'customers:write',
      body: z.strictObject({
        customerId: customerIdField,
        name: nameField.optional(),
        parentId: customerIdField.nullable().optional(),
      }),
      replies: { 200: customerReply, 201: customerReply },
      failures: [failures.parentUnknown, failures.parentCircle, failures.rootIsTop],
      async handle({ tx, caller, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const declared = { customer: body.customerId, name: body.name, parent: body.parentId }
        const { customer, isNew } = await declareCustomer(tx, caller.envId, declared, now)
        return { status: isNew ? 201 : 200, body: toReply(customer) }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/customers',
      tag: 'Customers',
      summary: 'List customers',
      scope: 'customers:read',
      query: z.strictObject({ ...pageQuery, parentId: customerIdField.optional() }),
      replies: { 200: pageOf(customerReply) },
      async handle({ tx, caller, query }) {
        const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
        const rows = await selectCustomers(tx, caller.envId, {
          limit: query.limit + 1,
          after,
          parent: query.parentId ?? null,
        })
        const page = pageFrom(rows, query.limit, ({ customer }) => [customer])
        return { status: 200, body: { ...page, data: page.data.map(toReply) } }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/customers/:customerId',
      tag: 'Customers',
      summary: 'Read a customer',
      scope: 'customers:read',
      params,
      replies: { 200: customerReply },
      failures: [failures.unknown],
      handle: async ({ tx, caller, params }) => ({
        status: 200,
        body: toReply(await getCustomer(tx, caller.envId, params.customerId)),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/customers/:customerId',
      tag: 'Customers',
      summary: 'Change a customer',
      description: 'A new parent holds from now on: earlier usage stays where it was billed.',
      scope: 'customers:write',
      params,
      body: z.strictObject({
        name: nameField.optional(),
        parentId: customerIdField.nullable().optional(),
      }),
      replies: { 200: customerReply },
      failures: Object.values(failures),
      async handle({ tx, caller, params, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const change = { customer: params.customerId, name: body.name, parent: body.parentId }
        return {
          status: 200,
          body: toReply(await changeCustomer(tx, caller.envId, change, now)),
        }
      },
    }),
  ]
}

function toReply(customer: Customer) {
  return {
    id: customer.id,
    customerId: customer.customer,
    name: customer.name,
    parentId: customer.parent,
    createdAt: customer.createdAt.toISOString(),
  }
}
