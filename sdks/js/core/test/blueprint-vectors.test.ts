import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Case, expanded } from '../../../../packages/policy/src/test-vectors.ts'
import { byteEvent, storageTimeEvent } from '../src/blueprints/bytes.ts'
import { llmEvent } from '../src/blueprints/llm.ts'
import { LlmStreamReader } from '../src/blueprints/llm-stream.ts'
import { type LlmUsage, llmUsage } from '../src/blueprints/llm-usage.ts'
import { jobEvent, timeEvent } from '../src/blueprints/work.ts'
import { UsageFlowError } from '../src/index.ts'

const FOLDER = path.join(import.meta.dirname, '../../../conformance')

type Vector = Case & { readonly details: never; readonly field?: string }

function read(file: string) {
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))
}

const cases = (read('blueprints.json').cases as Case[]).map((each) => expanded(each) as Vector)

/** Whatever a case is of, what it makes. */
const CHECKS: Readonly<Record<string, (vector: Vector) => void>> = {
  answer: (vector) => checkUsage(vector, llmUsage(vector.answer)),
  chunks: (vector) => checkUsage(vector, usageOfStream(vector.chunks as unknown[])),
  sse: (vector) => {
    const text = (vector.sse as string[]).join('')
    const bytes = new TextEncoder().encode(text)
    checkUsage(vector, usageOfStream([...bytes].map((byte) => Uint8Array.of(byte))))
    checkUsage(vector, usageOfStream([bytes]))
    checkUsage(vector, usageOfStream([text]))
  },
  bytes: ({ bytes, ...vector }) => {
    const { bytes: number, unit } = bytes as { bytes: string; unit: 'GB' }
    const details: object = { ...(vector.details as object), unit }
    expect(byteEvent(details as never, BigInt(number))).toEqual(whole(vector.event))
  },
  held: ({ held, details, event }) => {
    const { bytes, ms } = held as { bytes: string; ms: string }
    const made = storageTimeEvent(details, { bytes: BigInt(bytes), ms: BigInt(ms) })
    expect(made).toEqual(whole(event))
  },
  time: ({ time, ...vector }) => {
    const { ns, unit, status } = time as { ns: string; unit: 's'; status: 'failed' }
    const details: object = { ...(vector.details as object), unit }
    expect(timeEvent(details as never, { status, ns: BigInt(ns) })).toEqual(whole(vector.event))
  },
  job: ({ job, ...vector }) => {
    const { jobId, ns, status } = job as { jobId: string; ns: string; status: 'failed' }
    const details: object = { ...(vector.details as object), jobId }
    expect(jobEvent(details as never, { status, ns: BigInt(ns) })).toEqual(whole(vector.event))
  },
}

function checkUsage({ usage, details, event }: Vector, made: LlmUsage): void {
  expect(made).toEqual(usage)
  if (event !== undefined) expect(llmEvent(details, made)).toEqual(whole(event))
}

function usageOfStream(chunks: readonly unknown[]): LlmUsage {
  const reader = new LlmStreamReader()
  for (const chunk of chunks) reader.push(chunk)
  return reader.usage()
}

/** What an event leaves out is nothing. */
function whole(event: unknown): unknown {
  return { metadata: {}, idempotencyKey: undefined, ...(event as object) }
}

describe('the blueprints', () => {
  test('have as many cases as the manifest says, each of its own name', () => {
    expect(cases).toHaveLength(read('manifest.json')['blueprints.json'])
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, vector) => {
    const [kind = 'none', ...more] = Object.keys(vector).filter((field) => field in CHECKS)
    expect([more, typeof CHECKS[kind]]).toEqual([[], 'function'])
    if (!vector.error) return CHECKS[kind]?.(vector)
    const refused = errorOf(() => CHECKS[kind]?.(vector))
    expect(refused).toBeInstanceOf(UsageFlowError)
    expect(refused).toMatchObject({ kind: 'invalid', code: 'client.invalid_event' })
    if (vector.field) expect((refused as Error).message).toMatch(`${vector.field}: `)
  })
})

function errorOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}
