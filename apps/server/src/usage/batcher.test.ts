import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { monotonicMs } from '../platform/clock.ts'
import { openDatabase } from '../platform/db/database.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import { openTestLink, type TestLink } from '../platform/db/test-link.ts'
import { silentLog } from '../platform/log.ts'
import { type EventWriter, openEventWriter, type WriterLimits } from './batcher.ts'
import type { Outcome } from './entry.ts'
import type { UsageEvent } from './event-rows.ts'
import { eventOf } from './test-rows.ts'

const NOW_US = 1_772_368_496_789_000

let url: string
let owner: pg.Client
const writers: EventWriter[] = []

beforeAll(async () => {
  url = (await testDatabase()).url
  owner = new pg.Client({ connectionString: url })
  await owner.connect()
})

afterEach(async () => {
  await Promise.all(writers.splice(0).map((writer) => writer.drain()))
})

afterAll(() => owner.end())

function aWriter(limits: Partial<WriterLimits> = {}, through = url): EventWriter {
  const database = openDatabase({ url: through, log: silentLog() })
  const writer = openEventWriter({
    connectionConfig: database.connectionConfig('batcher test'),
    log: silentLog(),
    stopwatch: monotonicMs,
    limits,
  })
  writers.push(writer)
  return writer
}

let environments = 0

/** An environment that no other test writes to. */
function anEnvironment(): number {
  environments += 1
  return environments
}

function anEvent(envId: number, idempotencyKey: string | null, amount = 1): UsageEvent {
  const fields = { name: 'API_CALL', customerId: 'user_123', amount }
  const body = idempotencyKey === null ? fields : { ...fields, idempotencyKey }
  return eventOf(body, { envId, nowUs: NOW_US })
}

type Row = { key_text: string | null; amount: string }

async function stored(envId: number): Promise<Row[]> {
  const { rows } = await owner.query<Row>(
    'select key_text, trim_scale(amount)::text as amount from usage_events where env_id = $1 order by key_text',
    [envId],
  )
  return rows
}

function count(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** Keeps every writer waiting until the returned function is called. */
async function blockWrites(): Promise<() => Promise<void>> {
  const blocker = new pg.Client({ connectionString: url })
  await blocker.connect()
  await blocker.query('begin; lock table usage_events in share mode')
  return () => blocker.end()
}

async function untilBlocked(connections = 1): Promise<void> {
  for (;;) {
    const { rows } = await owner.query(
      `select 1 from pg_stat_activity where application_name = 'batcher test' and wait_event_type = 'Lock'`,
    )
    if (rows.length >= connections) return
    await sleep(10)
  }
}

async function terminate(): Promise<void> {
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'batcher test'`,
  )
}

describe('each event is stored once', () => {
  test('and its sender is told after the commit', async () => {
    const envId = anEnvironment()
    const outcomes = await aWriter().record([anEvent(envId, 'a'), anEvent(envId, 'b')])
    expect(outcomes).toEqual(['recorded', 'recorded'])
    expect(await stored(envId)).toHaveLength(2)
  })

  test('when it is repeated later, in the same process or in another', async () => {
    const envId = anEnvironment()
    const writer = aWriter()
    await writer.record([anEvent(envId, 'a')])
    expect(await writer.record([anEvent(envId, 'a')])).toEqual(['duplicate'])
    expect(await aWriter().record([anEvent(envId, 'a')])).toEqual(['duplicate'])
    expect(await stored(envId)).toHaveLength(1)
  })

  test('when it is repeated inside one request', async () => {
    const envId = anEnvironment()
    const events = [
      anEvent(envId, 'a'),
      anEvent(envId, 'b'),
      anEvent(envId, 'a'),
      anEvent(envId, 'a', 2),
    ]
    expect(await aWriter().record(events)).toEqual(['recorded', 'recorded', 'duplicate', 'reused'])
    expect(await stored(envId)).toHaveLength(2)
  })

  test('when it is repeated while the first is on its way', async () => {
    const envId = anEnvironment()
    const writer = aWriter()
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        writer.record([anEvent(envId, 'a', index < 32 ? 1 : 2)]),
      ),
    )
    expect(count(answers.flat())).toEqual({ recorded: 1, duplicate: 31, reused: 32 })
  })

  test('and without a key every one counts', async () => {
    const envId = anEnvironment()
    const events = Array.from({ length: 500 }, () => anEvent(envId, null))
    expect(count(await aWriter().record(events))).toEqual({ recorded: 500 })
    expect(await stored(envId)).toHaveLength(500)
  })

  test('and the same key in another environment is another event', async () => {
    const [one, other] = [anEnvironment(), anEnvironment()]
    const outcomes = await aWriter().record([anEvent(one, 'a'), anEvent(other, 'a', 2)])
    expect(outcomes).toEqual(['recorded', 'recorded'])
  })

  test('and other content under a used key is refused, so no usage is lost in silence', async () => {
    const envId = anEnvironment()
    await aWriter().record([anEvent(envId, 'a')])
    expect(await aWriter().record([anEvent(envId, 'b'), anEvent(envId, 'a', 2)])).toEqual([
      'recorded',
      'reused',
    ])
    expect(await stored(envId)).toEqual([
      { key_text: 'a', amount: '1' },
      { key_text: 'b', amount: '1' },
    ])
  })

  test('when two processes race over the same keys in different orders', async () => {
    const envId = anEnvironment()
    const keys = Array.from({ length: 2_000 }, (_, index) => `k${index}`)
    const sendAll = async (writer: EventWriter, order: string[]) => {
      const requests = Array.from({ length: 40 }, (_, at) => order.slice(at * 50, (at + 1) * 50))
      const answers = await Promise.all(
        requests.map((request) => writer.record(request.map((key) => anEvent(envId, key)))),
      )
      return answers.flat()
    }
    const answers = await Promise.all([
      sendAll(aWriter(), keys),
      sendAll(aWriter(), [...keys].reverse()),
      sendAll(aWriter(), [...keys.slice(1_000), ...keys.slice(0, 1_000)]),
    ])
    expect(count(answers.flat())).toEqual({ recorded: 2_000, duplicate: 4_000 })
    expect(await stored(envId)).toHaveLength(2_000)
  })

  test('when two processes race with different content, and exactly one wins each key', async () => {
    const envId = anEnvironment()
    const send = (writer: EventWriter, amount: number) =>
      writer.record(Array.from({ length: 300 }, (_, index) => anEvent(envId, `k${index}`, amount)))
    const [one, two] = [aWriter(), aWriter()]
    const [first, second] = await Promise.all([send(one, 1), send(two, 2)])
    for (const [index, row] of (await stored(envId)).entries()) {
      const winners = [
        first[Number(row.key_text?.slice(1))],
        second[Number(row.key_text?.slice(1))],
      ]
      expect(winners, `row ${index}`).toEqual(
        row.amount === '1' ? ['recorded', 'reused'] : ['reused', 'recorded'],
      )
    }
  })
})

describe('an event that fails', () => {
  test('fails alone, when PostgreSQL does not take it', async () => {
    const envId = anEnvironment()
    const events = Array.from({ length: 20 }, (_, index) => anEvent(envId, `k${index}`))
    const poison = { name: 'a\0b', customerId: 'c', idempotencyKey: 'k7' }
    const poisoned = events.with(7, eventOf(poison, { envId, nowUs: NOW_US }))
    const outcomes = await aWriter().record(poisoned)
    expect(outcomes[7]).toBe('failed')
    expect(count(outcomes)).toEqual({ recorded: 19, failed: 1 })
    expect(await stored(envId)).toHaveLength(19)
  })

  test('makes only its own environment go the careful way', async () => {
    const [repeating, other] = [anEnvironment(), anEnvironment()]
    await aWriter().record([anEvent(repeating, 'a')])
    const writer = aWriter({ carefulMs: 60_000 })
    await writer.record([anEvent(repeating, 'a'), anEvent(other, 'a')])
    expect(writer.stats().collisions).toBe(1)
    await writer.record([anEvent(repeating, 'b'), anEvent(other, 'b')])
    expect(writer.stats()).toMatchObject({ collisions: 1, batches: 3 }) // the second time one batch each
    expect([await stored(repeating), await stored(other)].map((rows) => rows.length)).toEqual([
      2, 2,
    ])
  })
})

describe('when connections are lost', () => {
  test('every event is stored once, with a key and without, however often backends are killed', async () => {
    const envId = anEnvironment()
    const writer = aWriter()
    let isOver = false
    const killing = (async () => {
      while (!isOver) {
        await terminate()
        await sleep(20)
      }
    })()
    const outcomes: Outcome[] = []
    for (let round = 0; round < 40; round++) {
      const events = Array.from({ length: 100 }, (_, index) =>
        anEvent(envId, index % 2 === 0 ? `${round}-${index}` : null),
      )
      outcomes.push(...(await writer.record(events)))
    }
    isOver = true
    await killing
    expect(writer.stats().connectionsLost).toBeGreaterThan(2)
    expect(count(outcomes).recorded ?? 0).toBeGreaterThanOrEqual(2_000) // at least those without a key
    expect((count(outcomes).recorded ?? 0) + (count(outcomes).duplicate ?? 0)).toBe(4_000)
    expect(await stored(envId)).toHaveLength(4_000)
  })

  test('a backend killed in the middle of COPY costs nothing but time', async () => {
    const envId = anEnvironment()
    const writer = aWriter()
    const release = await blockWrites()
    const answer = writer.record(
      Array.from({ length: 100 }, (_, index) => anEvent(envId, `k${index}`)),
    )
    await untilBlocked()
    await terminate()
    await release()
    expect(count(await answer)).toEqual({ recorded: 100 })
    expect(await stored(envId)).toHaveLength(100)
  })

  describe('over a link that misbehaves', () => {
    let link: TestLink

    beforeAll(async () => {
      link = await openTestLink(url)
    })

    afterAll(() => link.close())

    test('a connection cut with a batch on its way is replaced', async () => {
      const envId = anEnvironment()
      const writer = aWriter({}, link.url)
      const release = await blockWrites()
      const answer = writer.record([anEvent(envId, 'a'), anEvent(envId, null)])
      await untilBlocked()
      link.cut()
      await release()
      expect(await answer).toEqual([expect.stringMatching(/recorded|duplicate/), 'recorded'])
      expect(await stored(envId)).toHaveLength(2)
    })

    test('an answer that is lost after the commit does not store anything twice', async () => {
      const envId = anEnvironment()
      const writer = aWriter({ answerTimeoutMs: 1_000 }, link.url)
      await writer.record([anEvent(envId, 'warm-up')])
      link.muteAnswers()
      const outcomes = await writer.record([
        anEvent(envId, 'a'),
        anEvent(envId, null),
        anEvent(envId, null),
      ])
      expect(outcomes).toEqual(['duplicate', 'recorded', 'recorded'])
      expect(await stored(envId)).toHaveLength(4)
    })

    test('a half-open connection is found out', async () => {
      const envId = anEnvironment()
      const writer = aWriter({ answerTimeoutMs: 1_000 }, link.url)
      await writer.record([anEvent(envId, 'warm-up')])
      link.silence()
      expect(await writer.record([anEvent(envId, 'a'), anEvent(envId, null)])).toEqual([
        'recorded',
        'recorded',
      ])
      expect(await stored(envId)).toHaveLength(3)
    })
  })

  test('a database that stays away is reported in time, and at once when it has been away for long', async () => {
    const nowhere = new URL(url)
    nowhere.port = '1'
    const writer = aWriter({ deadlineMs: 500 }, nowhere.href)
    const envId = anEnvironment()
    expect(await writer.record([anEvent(envId, 'a')])).toEqual(['unavailable'])
    const startedAtMs = monotonicMs()
    expect(await writer.record([anEvent(envId, 'b')])).toEqual(['unavailable'])
    expect(monotonicMs() - startedAtMs).toBeLessThan(100)
  })
})

describe('under load', () => {
  test('events beyond the limit are refused at once, and there is room again afterwards', async () => {
    const envId = anEnvironment()
    const writer = aWriter({ eventsMax: 100 })
    const release = await blockWrites()
    const held = writer.record(
      Array.from({ length: 100 }, (_, index) => anEvent(envId, `k${index}`)),
    )
    expect(await writer.record([anEvent(envId, 'one more')])).toEqual(['overloaded'])
    await release()
    await held
    expect(await writer.record([anEvent(envId, 'one more')])).toEqual(['recorded'])
    expect(writer.stats()).toMatchObject({ inFlightEvents: 0, inFlightBytes: 0 })
  })

  test('an event that takes too long is given up, and may be sent again', async () => {
    const envId = anEnvironment()
    const writer = aWriter({ deadlineMs: 300 })
    const release = await blockWrites()
    expect(await writer.record([anEvent(envId, 'a'), anEvent(envId, 'a')])).toEqual([
      'unavailable',
      'unavailable',
    ])
    await release()
    const again = await writer.record([anEvent(envId, 'a')])
    expect(again).toEqual([expect.stringMatching(/recorded|duplicate/)])
    expect(await stored(envId)).toHaveLength(1)
  })

  test('a batch holds as many events as fit, and no event waits for ever', async () => {
    const envId = anEnvironment()
    const writer = aWriter()
    const body = { name: 'API_CALL', customerId: 'c', metadata: { text: 'x'.repeat(2_000) } }
    const events = Array.from({ length: 9_000 }, (_, index) =>
      eventOf({ ...body, idempotencyKey: `k${index}` }, { envId, nowUs: NOW_US }),
    )
    expect(count(await writer.record(events))).toEqual({ recorded: 9_000 })
    expect(writer.stats().batches).toBeGreaterThan(4) // of 4 MB each, not of 4,000 rows
  })
})

test('drain writes what is on its way, takes nothing more, and hangs up', async () => {
  const envId = anEnvironment()
  const writer = aWriter()
  const answer = writer.record(
    Array.from({ length: 5_000 }, (_, index) => anEvent(envId, `k${index}`)),
  )
  const drained = writer.drain()
  expect(await writer.record([anEvent(envId, 'late')])).toEqual(['unavailable'])
  expect(count(await answer)).toEqual({ recorded: 5_000 })
  await drained
  expect(writer.stats()).toMatchObject({ connections: 0, inFlightEvents: 0 })
})
