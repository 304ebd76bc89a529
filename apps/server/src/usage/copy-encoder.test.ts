import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnConnection, openOwnConnection } from '../platform/db/own-connection.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import { readAmount } from './amount.ts'
import type { SentEvent } from './event.ts'
import { uuidOf } from './event-key.ts'
import { type Arrival, type UsageEvent, writeRows } from './event-rows.ts'
import { instantText } from './event-time.ts'
import { EventTable } from './events.store.ts'
import { fieldsOf } from './test-rows.ts'

let connection: OwnConnection
let reader: pg.Client

beforeAll(async () => {
  const { database, url } = await testDatabase()
  connection = await openOwnConnection({
    config: database.connectionConfig('test'),
    connectTimeoutMs: 2_000,
    answerTimeoutMs: 10_000,
    onEnd: () => {},
  })
  reader = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' })
  await reader.connect()
})

afterAll(async () => {
  connection.close()
  await reader.end()
})

const text = (lengthMax: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: lengthMax })
    .filter((value) => !value.includes('\0'))

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max })

const amount = fc
  .tuple(digits(1, 26), digits(0, 12))
  .map(([whole, fraction]) => `${whole.replace(/^0+(?=.)/, '')}${fraction && `.${fraction}`}`)
  .map(readAmount)

/** What is sent and known of an event, under an idempotency key of its own, if it has one. */
type Given = { sent: SentEvent; arrival: Arrival; importNo: number | null }

let keys = 0

const anyGiven: fc.Arbitrary<() => Given> = fc
  .record({
    envId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    name: text(30),
    customerId: text(60),
    amount,
    metadata: fc.option(fc.dictionary(text(5), text(40), { noNullPrototype: true })),
    isTimed: fc.boolean(),
    atUs: fc.integer({ min: -8_000_000_000_000_000, max: 9_000_000_000_000_000 }),
    sequence: fc.maxSafeInteger(),
    keyText: fc.option(text(60)),
    importNo: fc.option(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  })
  .map(({ envId, isTimed, atUs, keyText, importNo, ...content }) => () => ({
    sent: {
      ...content,
      timestampUs: isTimed ? atUs : null,
      idempotencyKey: keyText === null ? null : `${keys++} ${keyText}`,
      importId: null,
    },
    arrival: { envId, nowUs: atUs },
    importNo,
  }))

const anyEvents = fc
  .array(anyGiven, { minLength: 1, maxLength: 20 })
  .map((all) => () => all.map((give) => give()))

function eventsOf(given: readonly Given[]): UsageEvent[] {
  return writeRows((rows) =>
    given.map(({ sent, arrival, importNo }) => rows.add(sent, arrival, importNo)),
  )
}

/** The rows of these events as PostgreSQL reads them, in the order of the events. */
async function readBack(events: readonly UsageEvent[]): Promise<unknown[]> {
  const { rows } = await reader.query(
    `select env_id, key::text, fingerprint::text as fingerprint, name, customer, trim_scale(amount)::text as amount,
            metadata::json, (extract(epoch from occurred_at) * 1000000)::bigint::text as micros, sequence::text, key_text, import_no,
            xid > 0 as has_xid
     from usage_events join unnest($1::uuid[]) with ordinality as asked (key, place) using (key) order by place`,
    [events.map((event) => uuidOf(event.key))],
  )
  return rows
}

function rowsOf(given: readonly Given[], events: readonly UsageEvent[]): unknown[] {
  return given.map(({ sent, arrival, importNo }, index) => {
    const { key, fingerprint } = events[index] as UsageEvent
    return {
      env_id: arrival.envId,
      key: uuidOf(key),
      fingerprint: String((BigInt(fingerprint.high) << 32n) | BigInt(fingerprint.low >>> 0)),
      name: sent.name,
      customer: sent.customerId,
      amount: sent.amount,
      metadata: sent.metadata,
      micros: String(sent.timestampUs ?? arrival.nowUs),
      sequence: String(sent.sequence),
      key_text: sent.idempotencyKey,
      import_no: importNo,
      has_xid: true,
    }
  })
}

test('PostgreSQL reads back every event that COPY wrote, to the last digit', async () => {
  const table = new EventTable(connection)
  await fc.assert(
    fc.asyncProperty(anyEvents, async (give) => {
      const given = give()
      const events = eventsOf(given)
      await table.copy(events)
      expect(await readBack(events)).toEqual(rowsOf(given, events))
    }),
    { numRuns: 100 },
  )
})

test('the same bytes as arrays make the same rows', async () => {
  const table = new EventTable(connection)
  await fc.assert(
    fc.asyncProperty(anyEvents, async (give) => {
      const given = give()
      const events = eventsOf(given)
      expect(await table.insertFresh(events)).toEqual([])
      expect(await readBack(events)).toEqual(rowsOf(given, events))
    }),
    { numRuns: 50 },
  )
})

test('every border of an amount survives', async () => {
  const borders = [
    '0',
    '1',
    '9999',
    '10000',
    '10001',
    '99999999',
    '100000000',
    '0.1',
    '0.0001',
    '0.00001',
    '0.000000000001',
    '9999.9999',
    '10000.0001',
    '123456789012345',
    '99999999999999999999999999.999999999999',
    '10000000000000000000000000',
    '1.000000000001',
    '20000.00002',
    '1000000000000.5',
  ]
  await expectSurvival(borders.map((border) => given({ amount: border })))
})

test('every border of a text survives, and a buffer that was too small grows', async () => {
  const texts = [
    'a',
    'ä',
    'x'.repeat(24),
    'x'.repeat(25),
    `${'x'.repeat(23)}é`,
    '😀'.repeat(127),
    '\u202eabc',
    "'; drop",
  ]
  const metadata = { long: '€'.repeat(100_000) }
  await expectSurvival(texts.map((customerId) => given({ customerId, metadata })))
})

test('says when it happened to the microsecond, before and after the year 2000', async () => {
  const instants = [0, -1, 946_684_799_999_999, 946_684_800_000_000, 1_772_368_496_789_001]
  const events = eventsOf(instants.map((timestampUs) => given({ timestampUs })))
  await new EventTable(connection).copy(events)
  const { rows } = await reader.query<{ at: string }>(
    `select to_char(occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from usage_events
     join unnest($1::uuid[]) with ordinality as asked (key, place) using (key) order by place`,
    [events.map((event) => uuidOf(event.key))],
  )
  const sent = instants.map(instantText).map((at) => at.replace(/(\.\d{3})Z$/, '$1000Z'))
  expect(rows.map(({ at }) => at)).toEqual(sent)
})

test('rows of one call are not those of the next', () => {
  const [one] = eventsOf([given({ customerId: 'one' })])
  eventsOf([given({ customerId: 'two' })])
  expect(one && fieldsOf(one).customer).toBe('one')
})

function given(overrides: Partial<SentEvent>): Given {
  const sent = {
    ...{ name: 'API_CALL', customerId: 'user_123', amount: '1', metadata: null },
    ...{ timestampUs: null, sequence: 0, idempotencyKey: null, importId: null, ...overrides },
  }
  return { sent, arrival: { envId: 1, nowUs: 1_772_368_496_789_000 }, importNo: null }
}

async function expectSurvival(all: readonly Given[]): Promise<void> {
  const events = eventsOf(all)
  await new EventTable(connection).copy(events)
  expect(await readBack(events)).toEqual(rowsOf(all, events))
}
