import { describe, expect, test } from 'vitest'
import type { EventInput, EventLine } from './event-line.ts'
import { type ImportPorts, ImportStopped, importFile, type Progress } from './import-file.ts'

type Sent = EventInput & { readonly importId?: string }

const START: Progress = { importId: null, lineDone: 0 }

/** Stands for a file, the server beyond the network, and the note beside the file. */
function aWorld(lines: readonly EventLine[]) {
  const world = {
    stored: new Map<string, Sent>(),
    imports: [] as { source: string; from: string; to: string }[],
    requests: [] as { path: string; events: number }[],
    memory: START,
    refused: [] as string[],
    progress: [] as string[],
    /** What the network does to the n-th request, from 1; nothing by default. */
    trouble: (_request: number): { status: number; body: unknown } | 'cut' | 'lost' | undefined =>
      undefined,
  }
  const carryOut = (path: string, body: unknown): { status: number; body: unknown } => {
    if (path === '/api/v1/imports') {
      world.imports.push(body as (typeof world.imports)[number])
      return { status: 201, body: { id: `imp_${world.imports.length}` } }
    }
    return {
      status: 200,
      body: { results: (body as Sent[]).map((event) => store(world.stored, event)) },
    }
  }
  const ports: ImportPorts = {
    async *readEvents() {
      yield* lines
    },
    async post(path, body) {
      world.requests.push({ path, events: Array.isArray(body) ? body.length : 0 })
      const trouble = world.trouble(world.requests.length)
      if (trouble === 'cut') throw new Error('socket hang up')
      if (typeof trouble === 'object') return trouble
      const answer = carryOut(path, body)
      if (trouble === 'lost') throw new Error('the answer was lost')
      return answer
    },
    resume: async () => world.memory,
    async remember(progress) {
      world.memory = progress
    },
    onRefused: (line, reason) => world.refused.push(`${line}: ${reason}`),
    onProgress: (done, all) => world.progress.push(`${done}/${all}`),
  }
  return { world, ports }
}

function store(stored: Map<string, Sent>, event: Sent) {
  if (event.customerId === 'nobody')
    return { status: 'refused', error: { message: 'there is nobody' } }
  const isNew = !stored.has(event.idempotencyKey)
  if (isNew) stored.set(event.idempotencyKey, event)
  return { status: isNew ? 'recorded' : 'duplicate' }
}

function someLines(
  count: number,
  change: (line: number) => Partial<EventInput> = () => ({}),
): EventLine[] {
  return Array.from({ length: count }, (_, index) => {
    const line = index + 1
    const event = {
      name: 'calls',
      customerId: 'a',
      timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, line)).toISOString(),
      idempotencyKey: `file-${line}`,
      ...change(line),
    }
    return { line, event }
  })
}

describe('an import', () => {
  test('sends every line once, in one named import over the time that the file spans', async () => {
    const { world, ports } = aWorld(someLines(1_203))
    expect(await importFile('access.log', ports)).toEqual({
      lines: 1_203,
      recorded: 1_203,
      duplicates: 0,
      refused: 0,
      skipped: 0,
    })
    expect(world.imports).toEqual([
      { source: 'access.log', from: '2026-01-01T00:00:01.000Z', to: '2026-01-01T00:20:03.001Z' },
    ])
    expect(new Set([...world.stored.values()].map((event) => event.importId))).toEqual(
      new Set(['imp_1']),
    )
    expect(world.requests.map(({ events }) => events)).toEqual([0, 500, 500, 203])
    expect(world.progress.at(-1)).toBe('1203/1203')
    expect(world.memory).toEqual(START)
  })

  test('of the same file again changes nothing', async () => {
    const { world, ports } = aWorld(someLines(700))
    await importFile('f', ports)
    const before = new Map(world.stored)
    expect(await importFile('f', ports)).toMatchObject({ recorded: 0, duplicates: 700, skipped: 0 })
    expect(world.stored).toEqual(before)
  })

  test('goes on where it was interrupted, in the same import, and loses nothing', async () => {
    const { world, ports } = aWorld(someLines(1_600))
    world.trouble = (request) =>
      request > 3 ? { status: 401, body: { error: { message: 'no' } } } : undefined
    await expect(importFile('f', ports)).rejects.toThrow(ImportStopped)
    expect(world.memory).toEqual({ importId: 'imp_1', lineDone: 1_000 })

    world.trouble = () => undefined
    expect(await importFile('f', ports)).toEqual({
      lines: 1_600,
      recorded: 600,
      duplicates: 0,
      refused: 0,
      skipped: 1_000,
    })
    expect(world.imports).toHaveLength(1)
    expect(world.stored.size).toBe(1_600)
  })

  test('waits out an outage, and an answer that was lost counts no line twice', async () => {
    const { world, ports } = aWorld(someLines(600))
    const troubles = {
      1: 'cut',
      3: 'lost',
      4: { status: 503, body: null },
      6: { status: 429, body: null },
    } as const
    world.trouble = (request) => troubles[request as keyof typeof troubles]
    expect(await importFile('f', ports)).toMatchObject({
      recorded: 100,
      duplicates: 500,
      refused: 0,
    })
    expect(world.stored.size).toBe(600)
  })

  test('reports each refused line, whether the file or the server refused it', async () => {
    const lines: EventLine[] = [
      ...someLines(3, (line) => (line === 2 ? { customerId: 'nobody' } : {})),
      { line: 4, refused: 'is not JSON' },
    ]
    const { world, ports } = aWorld(lines)
    expect(await importFile('f', ports)).toMatchObject({ lines: 4, recorded: 2, refused: 2 })
    expect(world.refused.sort()).toEqual(['2: there is nobody', '4: is not JSON'])
  })

  test('that is refused as a whole says why and sends nothing more', async () => {
    const { world, ports } = aWorld(someLines(600))
    world.trouble = () => ({
      status: 403,
      body: { error: { message: 'This key may not do that.' } },
    })
    await expect(importFile('f', ports)).rejects.toThrow(
      'the server answered 403: This key may not do that.',
    )
    expect(world.requests).toHaveLength(1)
  })

  test('sends long lines in smaller batches, so that no request is too large', async () => {
    const { world, ports } = aWorld(
      someLines(10, () => ({ metadata: { text: 'x'.repeat(300_000) } })),
    )
    expect(await importFile('f', ports)).toMatchObject({ recorded: 10 })
    expect(world.requests.map(({ events }) => events)).toEqual([0, 4, 4, 2])
  })

  test('of a file without times needs no window', async () => {
    const { world, ports } = aWorld(someLines(2, () => ({ timestamp: 'soon' })))
    expect(await importFile('f', ports)).toMatchObject({ recorded: 2 })
    expect(world.imports).toEqual([])
    expect([...world.stored.values()].every((event) => event.importId === undefined)).toBe(true)
  })

  test('of an empty file asks the server nothing', async () => {
    const { world, ports } = aWorld([])
    expect(await importFile('f', ports)).toMatchObject({ lines: 0, recorded: 0 })
    expect(world.requests).toEqual([])
  })

  test('trusts no answer that leaves lines out', async () => {
    const { world, ports } = aWorld(someLines(2))
    world.trouble = (request) =>
      request === 2 ? { status: 200, body: { results: [] } } : undefined
    await expect(importFile('f', ports)).rejects.toThrow('answers for each event')
    expect(world.memory).toEqual(START)
  })
})
