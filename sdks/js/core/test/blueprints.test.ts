import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { describe, expect, test } from 'vitest'
import {
  ByteMeter,
  LlmMeter,
  trackBytes,
  trackJob,
  trackLlm,
  trackLlmStream,
  trackStorage,
  trackStorageTime,
  trackTime,
  UsageFlow,
  type UsageFlowError,
} from '../src/index.ts'
import { aWorld, WAIT_MS } from './world.ts'

const TOKENS = { name: 'AI_TOKEN', customerId: 'user_123' }
const START: object = {
  type: 'message_start',
  message: { id: 'msg_1', usage: { input_tokens: 30, output_tokens: 1 } },
}
const DELTA: object = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { output_tokens: 12 },
}

/** A client that sends to nobody, what was tracked with it, and what it told. */
function aTracker() {
  const errors: UsageFlowError[] = []
  const tracked: Record<string, unknown>[] = []
  class Recording extends UsageFlow {
    override track(event: Parameters<UsageFlow['track']>[0]): void {
      tracked.push(event)
    }
  }
  const client = new Recording({
    apiKey: 'k',
    baseUrl: 'http://127.0.0.1:1',
    onError: (error) => errors.push(error),
  })
  return { client, tracked, errors }
}

/** Of pieces, or of a failure, and whether it was closed by who reads it. */
function aStream<T>(...pieces: (T | Error)[]) {
  const source = { isClosed: false, isBegun: false }
  const stream = (async function* () {
    source.isBegun = true
    try {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece
        yield piece
      }
    } finally {
      source.isClosed = true
    }
  })()
  return Object.assign(source, { stream })
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const pieces: T[] = []
  for await (const piece of stream) pieces.push(piece)
  return pieces
}

describe('a call of a language model', () => {
  test('is recorded once however often its answer is tracked', async () => {
    const { client: open, errors, stored } = await aWorld()
    const client = open()
    const answer = { id: 'msg_1', usage: { input_tokens: 30, output_tokens: 12 } }
    const details = { ...TOKENS, timestamp: new Date() }
    expect(trackLlm(client, details, answer)).toMatchObject({ totalTokens: 42 })
    trackLlm(client, details, answer)
    await all(trackLlmStream(client, details, aStream(START, DELTA).stream))
    expect(await client.flush(WAIT_MS)).toMatchObject({ produced: 3, delivered: 3, duplicates: 2 })
    expect(await stored()).toEqual({ '42': 1 })
    expect(errors).toEqual([])
  })

  test('without usage is told and counts as refused, and the host goes on', () => {
    const { client, tracked, errors } = aTracker()
    expect(trackLlm(client, TOKENS, { error: { message: 'overloaded' } })).toBeNull()
    expect(tracked).toEqual([])
    expect(errors).toMatchObject([{ kind: 'invalid', message: 'usage: is not in the answer' }])
    expect(client.stats()).toMatchObject({ produced: 1, refused: 1 })
  })

  test('never throws, whatever it is given', () => {
    const { client, errors } = aTracker()
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('mine')
        },
      },
    )
    for (const bad of [hostile, null, 7]) {
      expect(trackLlm(client, TOKENS, bad)).toBeNull()
      trackLlm(client, bad as never, { usage: { input_tokens: 1 } })
      const meter = new LlmMeter(client, TOKENS)
      meter.push(bad)
      meter.end()
    }
    expect(errors.length).toBeGreaterThan(5)
    expect(errors.map(({ kind }) => kind)).toEqual(errors.map(() => 'invalid'))
    expect(String(errors.map(({ message }) => message))).not.toContain('mine')
  })
})

describe('a streamed answer', () => {
  test('passes piece by piece as it is, and is tracked at its end', async () => {
    const { client, tracked } = aTracker()
    const pieces = [START, { type: 'ping' }, DELTA]
    const passed = trackLlmStream(client, TOKENS, aStream(...pieces).stream)
    expect((await passed.next()).value).toBe(START)
    expect(tracked).toEqual([])
    expect((await all(passed)).every((piece, at) => piece === pieces[at + 1])).toBe(true)
    expect(tracked).toMatchObject([{ amount: '42', idempotencyKey: 'AI_TOKEN:msg_1' }])
    expect(await passed.next()).toMatchObject({ done: true })
    expect(tracked).toHaveLength(1)
  })

  test('that its reader leaves is closed, and what was told until there is tracked', async () => {
    const { client, tracked } = aTracker()
    const source = aStream<object>(START, { type: 'ping' }, DELTA)
    for await (const piece of trackLlmStream(client, TOKENS, source.stream))
      if (piece !== START) break
    expect(source.isClosed).toBe(true)
    expect(tracked).toMatchObject([{ amount: '31', metadata: { isComplete: false } }])
  })

  test('that fails does so for its reader, and what was told until there is tracked', async () => {
    const { client, tracked } = aTracker()
    const { stream } = aStream(START, new Error('cut'))
    await expect(all(trackLlmStream(client, TOKENS, stream))).rejects.toThrow('cut')
    expect(tracked).toMatchObject([{ amount: '31', metadata: { isComplete: false } }])
  })

  test('that nobody reads is closed with its reader', async () => {
    const { client } = aTracker()
    let isCanceled = false
    const cancel = () => {
      isCanceled = true
    }
    const passed = trackLlmStream(client, TOKENS, new ReadableStream<Uint8Array>({ cancel }))
    await passed.return?.()
    expect(isCanceled).toBe(true)
  })

  test('whose counts are none passes all the same, and is told', async () => {
    const { client, tracked, errors } = aTracker()
    const bad: object = { usage: { prompt_tokens: -1 } }
    expect(await all(trackLlmStream(client, TOKENS, aStream(bad, START).stream))).toEqual([
      bad,
      START,
    ])
    expect([tracked, errors.map(({ message }) => message)]).toEqual([
      [],
      ['usage.prompt_tokens: must be a whole number, not negative'],
    ])
  })

  test('may be the body of fetch, and becomes one', async () => {
    const { client, tracked } = aTracker()
    const text = [START, DELTA].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
    const { body } = new Response(text)
    if (body === null) return expect.unreachable()
    const passed = new Response(ReadableStream.from(trackLlmStream(client, TOKENS, body)) as never)
    expect(await passed.text()).toBe(text)
    expect(tracked).toMatchObject([{ amount: '42' }])
  })

  test('has an event that is too long skipped, and those behind it read', async () => {
    const { client, tracked } = aTracker()
    const long = `data: {"type":"image","data":"${'x'.repeat(1024 * 1024)}`
    const pieces = [...Array(20).fill(long), '\n\n', `data: ${JSON.stringify(START)}\n\n`]
    await all(trackLlmStream(client, TOKENS, aStream(...pieces).stream))
    expect(tracked).toMatchObject([{ amount: '31' }])
  })

  test('must be a stream', () => {
    const { client } = aTracker()
    expect(() => trackLlmStream(client, TOKENS, null as never)).toThrow('stream: must be')
    expect(() => trackBytes(client, TOKENS, {} as never)).toThrow('stream: must be')
  })
})

describe('bytes', () => {
  const TRAFFIC = { name: 'BANDWIDTH_GB', customerId: 'user_123' }

  test('are counted on their way, text as UTF-8', async () => {
    const { client, tracked } = aTracker()
    const pieces = [new Uint8Array(1_500), Buffer.alloc(500), 'é👋']
    expect(await all(trackBytes(client, TRAFFIC, aStream(...pieces).stream))).toEqual(pieces)
    expect(tracked).toMatchObject([{ ...TRAFFIC, amount: '0.000002006' }])
  })

  test('of a pipeline that is cut are those that passed', async () => {
    const { client, tracked } = aTracker()
    const source = aStream(new Uint8Array(700), new Error('cut'))
    const target = new PassThrough()
    target.resume()
    const counted = trackBytes(client, { ...TRAFFIC, unit: 'byte' }, source.stream)
    await expect(pipeline(counted, target)).rejects.toThrow('cut')
    expect(tracked).toMatchObject([{ amount: '700' }])
    expect(tracked[0]).not.toHaveProperty('unit')
  })

  test('that never passed are no event; what is no bytes is told, and passes', async () => {
    const { client, tracked, errors } = aTracker()
    await all(trackBytes(client, TRAFFIC, aStream<string>().stream))
    expect([tracked, errors]).toEqual([[], []])
    expect(await all(trackBytes(client, TRAFFIC, aStream({} as never).stream))).toEqual([{}])
    expect(errors).toMatchObject([{ message: 'stream: must be of bytes or text' }])
  })

  test('may be told, and end once', () => {
    const { client, tracked } = aTracker()
    const meter = new ByteMeter(client, TRAFFIC)
    meter.add(1_000_000_000)
    meter.add(500_000_000)
    meter.end()
    meter.end()
    expect(tracked).toMatchObject([{ amount: '1.5' }])
  })

  test('that are stored are tracked as they stand, or by the hour', () => {
    const { client, tracked, errors } = aTracker()
    trackStorage(client, { ...TRAFFIC, unit: 'GB' }, 2_000_000_000)
    trackStorageTime(client, TRAFFIC, { bytes: 2_000_000_000, ms: 1_800_000 })
    trackStorage(client, TRAFFIC, 0.5)
    expect(tracked.map(({ amount }) => amount)).toEqual(['2', '1'])
    expect(errors).toMatchObject([{ message: 'bytes: must be a whole number, not negative' }])
  })
})

describe('work', () => {
  const WORK = { name: 'JOB_RUN', customerId: 'user_123' }

  test('is timed, and what it returns is returned', async () => {
    const { client, tracked } = aTracker()
    const sleep = () => new Promise((resolve) => setTimeout(() => resolve('done'), 30))
    expect(await trackTime(client, { ...WORK, unit: 'ms' }, sleep)).toBe('done')
    expect(await trackTime(client, WORK, () => 'at once')).toBe('at once')
    const [slow, fast] = tracked.map(({ amount }) => Number(amount))
    expect(slow).toBeGreaterThan(25)
    expect(slow).toBeLessThan(WAIT_MS)
    expect(fast).toBeLessThan(1)
    expect(tracked).toMatchObject(Array(2).fill({ metadata: { status: 'succeeded' } }))
  })

  test('that throws is tracked as failed and throws', async () => {
    const { client, tracked } = aTracker()
    const fail = () => {
      throw new Error('mine')
    }
    await expect(trackTime(client, WORK, fail)).rejects.toThrow('mine')
    await expect(trackJob(client, { ...WORK, jobId: 7 }, async () => fail())).rejects.toThrow(
      'mine',
    )
    expect(tracked).toMatchObject([
      { metadata: { status: 'failed' } },
      { amount: '1', metadata: { status: 'failed' }, idempotencyKey: 'JOB_RUN:7:failed' },
    ])
  })

  test('of a job that a queue runs again is recorded once', async () => {
    const { client: open, stored } = await aWorld()
    const client = open()
    for (const _ of ['once', 'again'])
      expect(await trackJob(client, { ...WORK, jobId: 'job-1' }, () => 5)).toBe(5)
    await client.flush(WAIT_MS)
    expect(await stored()).toEqual({ '1': 1 })
  })

  test('is done whatever is wrong with its id', async () => {
    const { client, tracked, errors } = aTracker()
    for (const jobId of ['', 'a'.repeat(300), null, 0.5])
      expect(await trackJob(client, { ...WORK, jobId: jobId as never }, () => 5)).toBe(5)
    expect(tracked).toEqual([])
    expect(errors.map(({ message }) => message.slice(0, 6))).toEqual(Array(4).fill('jobId:'))
  })
})
