import { drizzle } from 'drizzle-orm/node-postgres'
import { jsonb, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { fastify } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import pg from 'pg'
import { z } from 'zod'

// The server one would write first, and not a bad one: a schema on the route, the API key cached, the
// key unique in the database, one insert a request. Arguments: port, database, API key, organization.

const [port = '', databaseUrl = '', apiKey = '', organizationId = ''] = process.argv.slice(2)

const naiveEvents = pgTable(
  'naive_events',
  {
    organizationId: uuid('organization_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    metric: text('metric').notNull(),
    customerId: text('customer_id').notNull(),
    amount: numeric('amount').notNull(),
    metadata: jsonb('metadata').notNull(),
    occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
    receivedAt: timestamp('received_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.idempotencyKey] })],
)

const pool = new pg.Pool({ connectionString: databaseUrl })
const db = drizzle(pool)
await pool.query(`create table if not exists naive_events (
  organization_id uuid not null,
  idempotency_key text not null,
  metric text not null,
  customer_id text not null,
  amount numeric not null,
  metadata jsonb not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (organization_id, idempotency_key)
)`)

const organizationByKey = new Map([[apiKey, organizationId]])

const app = fastify().withTypeProvider<ZodTypeProvider>()
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)

app.post(
  '/api/track',
  {
    schema: {
      headers: z.object({ 'x-usageflow-api-key': z.string(), 'idempotency-key': z.string() }),
      body: z.strictObject({
        metric: z.string().min(1).max(100),
        customerId: z.string().min(1).max(255),
        amount: z.number().nonnegative(),
        metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
        timestamp: z.iso.datetime().optional(),
      }),
    },
  },
  async (request, reply) => {
    const { headers, body } = request
    const organization = organizationByKey.get(headers['x-usageflow-api-key'])
    if (!organization) return reply.code(401).send({ error: 'unknown key' })
    const inserted = await db
      .insert(naiveEvents)
      .values({
        organizationId: organization,
        idempotencyKey: headers['idempotency-key'],
        metric: body.metric,
        customerId: body.customerId,
        amount: String(body.amount),
        metadata: body.metadata,
        occurredAt: body.timestamp ? new Date(body.timestamp) : new Date(),
      })
      .onConflictDoNothing()
      .returning({ key: naiveEvents.idempotencyKey })
    const duplicate = inserted.length === 0
    return reply
      .code(duplicate ? 200 : 201)
      .send({ success: true, eventId: headers['idempotency-key'], duplicate })
  },
)

process.once('SIGTERM', () => process.exit(0))
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.send?.('ready')
