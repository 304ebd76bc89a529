import { z } from 'zod'
import { failures as taxRateFailures } from '../catalog/tax-rate-failures.ts'
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
import {
  type CustomerChange,
  changeCustomer,
  declareCustomer,
  getCustomer,
} from './declare-customer.ts'
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
    email: z.string().nullable(),
    address: z.array(z.string()).meta({ description: 'Line by line' }),
    taxNumber: z.string().nullable(),
    language: z.string().nullable(),
    taxRate: z.string().nullable().meta({ description: 'Id of the rate; null: as the plan says' }),
    taxExempt: z.boolean(),
    netDays: z.number().nullable().meta({ description: 'Null: as the plan says' }),
    createdAt: instantText,
  })
  .meta({ id: 'Customer' })

const params = z.object({ customerId: customerIdField })
const NET_DAYS_MAX = 366
const ADDRESS_LINES_MAX = 8
const IDS_ASKED_MAX = 200 // as many as a page of any list has

const addressLine = textField(200).refine((line) => !line.includes('\n'), 'is one line')

/** What may be said of a customer. What is left out stays as it is; null takes it away. */
const profileFields = {
  name: textField(200, 0).optional(),
  parentId: customerIdField.nullable().optional(),
  email: z.email().max(320).nullable().optional().meta({ example: 'billing@example.com' }),
  address: z
    .array(addressLine)
    .max(ADDRESS_LINES_MAX)
    .optional()
    .meta({ description: 'As on an envelope, line by line; [] takes it away' }),
  taxNumber: textField(100).nullable().optional().meta({ example: 'DE123456789' }),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'send a language tag such as "de"')
    .nullable()
    .optional()
    .meta({ description: 'Of its documents, as a language tag', example: 'de' }),
  taxRate: textField(100).nullable().optional().meta({
    description:
      'Id or key of the rate that taxes all this customer is charged for, whatever the plan says; null: as the plan says',
  }),
  taxExempt: z.boolean().optional().meta({ description: 'Nothing is taxed' }),
  netDays: z
    .number()
    .int()
    .min(0)
    .max(NET_DAYS_MAX)
    .nullable()
    .optional()
    .meta({ description: 'From an invoice until it is due; null: as the plan says' }),
}
const profileBody = z.strictObject(profileFields)

const profileFailures = [
  failures.parentUnknown,
  failures.parentCircle,
  failures.rootIsTop,
  failures.taxContradictory,
  taxRateFailures.unknown,
  taxRateFailures.archived,
]

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
      body: z.strictObject({ customerId: customerIdField, ...profileFields }),
      replies: { 200: customerReply, 201: customerReply },
      failures: profileFailures,
      async handle({ tx, caller, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const { customerId, ...said } = body
        const declared = { customer: customerId, ...changeOf(said) }
        const { customer, isNew } = await declareCustomer(tx, caller.envId, declared, now)
        return { status: isNew ? 201 : 200, body: toReply(customer) }
      },
    }),
    listRoute(),
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
      body: profileBody,
      replies: { 200: customerReply },
      failures: [failures.unknown, ...profileFailures],
      async handle({ tx, caller, params, body, systemNow }) {
        const now = await environmentNow(tx, caller.envId, systemNow)
        const change = { customer: params.customerId, ...changeOf(body) }
        return {
          status: 200,
          body: toReply(await changeCustomer(tx, caller.envId, change, now)),
        }
      },
    }),
  ]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers',
    tag: 'Customers',
    summary: 'List customers',
    scope: 'customers:read',
    query: z.strictObject({
      ...pageQuery,
      parentId: customerIdField.optional(),
      search: textField(200)
        .optional()
        .meta({ description: 'A part of the id or of the name; A to Z count as a to z' }),
      customerId: z
        .union([customerIdField, z.array(customerIdField).max(IDS_ASKED_MAX)])
        .optional()
        .meta({ description: 'Only these: send it once for each' }),
    }),
    replies: { 200: pageOf(customerReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectCustomers(tx, caller.envId, {
        limit: query.limit + 1,
        after,
        parent: query.parentId ?? null,
        search: query.search ?? null,
        only: query.customerId === undefined ? null : [query.customerId].flat(),
      })
      const page = pageFrom(rows, query.limit, ({ customer }) => [customer])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function changeOf({
  parentId: parent,
  taxExempt: isTaxExempt,
  ...said
}: z.output<typeof profileBody>): CustomerChange {
  return { ...said, parent, isTaxExempt }
}

function toReply(customer: Customer): z.input<typeof customerReply> {
  const { id, name, email, address, taxNumber, language, netDays } = customer
  return {
    ...{ id, name, email, taxNumber, language, netDays },
    customerId: customer.customer,
    parentId: customer.parent,
    address: [...address],
    taxRate: customer.taxRateId,
    taxExempt: customer.isTaxExempt,
    createdAt: customer.createdAt.toISOString(),
  }
}
