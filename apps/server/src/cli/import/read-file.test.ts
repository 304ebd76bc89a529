import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from '../../config.ts'
import type { EventLine, Mapping } from './event-line.ts'
import { type Format, readEvents } from './read-file.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NO_MAPPING: Mapping = { keyPrefix: 'file', columns: {}, constants: {}, metadata: [] }

let files = 0
async function read(
  format: Format,
  text: string | Buffer,
  mapping: Partial<Mapping> = {},
): Promise<EventLine[]> {
  files += 1
  const file = path.join(folder, `${files}.txt`)
  writeFileSync(file, text)
  const lines: EventLine[] = []
  for await (const line of readEvents(file, format, { ...NO_MAPPING, ...mapping })) lines.push(line)
  return lines
}

const refusedAt = (line: number, reason: string) => ({
  line,
  refused: expect.stringContaining(reason),
})

describe('a line of a web server log', () => {
  const good = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 512'
  const tail = ' "http://example.com/" "Mozilla/5.0 (X11; \\"quoted\\")"'

  test('becomes a request of its client, with what was asked and answered', async () => {
    const event = {
      name: 'http.request',
      customerId: '1.2.3.4',
      timestamp: '2015-05-17T10:05:03+00:00',
      idempotencyKey: 'file-1',
      metadata: { method: 'GET', path: '/a?b=c', status: 200, bytes: 512 },
      sequence: 1,
    }
    expect(await read('combined', `${good}\n`)).toEqual([{ line: 1, event }])
    expect(await read('combined', `${good}${tail}\r\n`)).toEqual([{ line: 1, event }])
  })

  test.each<[string, string, object]>([
    ['an IPv6 client', good.replace('1.2.3.4', '2001:db8::1'), { customerId: '2001:db8::1' }],
    ['a user name', good.replace('- -', '- alice'), { customerId: '1.2.3.4' }],
    [
      'no size',
      good.replace('512', '-'),
      { metadata: { method: 'GET', path: '/a?b=c', status: 200, bytes: 0 } },
    ],
    [
      'no request',
      good.replace('GET /a?b=c HTTP/1.1', '-').replace('200', '408'),
      { metadata: { method: '-', path: '', status: 408, bytes: 512 } },
    ],
    [
      'a quote in the path',
      good.replace('/a?b=c', '/\\"'),
      { metadata: { method: 'GET', path: '/\\"', status: 200, bytes: 512 } },
    ],
    ['another zone', good.replace('+0000', '-0730'), { timestamp: '2015-05-17T10:05:03-07:30' }],
    ['bytes that are no UTF-8', good.replace('/a?b=c', '/\\xff'), { customerId: '1.2.3.4' }],
  ])('is read with %s', async (_what, line, expected) => {
    expect(await read('combined', line)).toMatchObject([{ line: 1, event: expected }])
  })

  test.each([
    ['prose', 'hello'],
    ['half a line', good.slice(0, 40)],
    ['no status', good.replace(' 200 512', '')],
    ['an open quote', good.replace('" 200', ' 200')],
    ['an unknown month', good.replace('May', 'Mai')],
    ['another order of the time', good.replace('17/May/2015:10:05:03', '2015-05-17T10:05:03')],
    ['NUL bytes', '\0\0\0'],
  ])('is refused with %s, and the next one is read', async (_what, line) => {
    const lines = await read('combined', `${line}\n\n${good}\n`)
    expect(lines).toEqual([refusedAt(1, ''), { line: 3, event: expect.anything() }])
  })

  test('may be named and charged otherwise', async () => {
    const constants = { name: 'hit', customerId: 'all' }
    const [line] = await read('combined', good, { constants, keyPrefix: 'may' })
    expect(line).toMatchObject({
      event: { name: 'hit', customerId: 'all', idempotencyKey: 'may-1' },
    })
  })
})

describe('a row of a CSV file', () => {
  const mapping = {
    columns: { customerId: 'tenant', amount: 'n', timestamp: 'at' },
    constants: { name: 'tokens' },
  }

  test('becomes an event as the columns are mapped', async () => {
    const text =
      '\ufefftenant,n,at,model\n"a, b",0.000000000001,2023-11-16 18:17:03.9799600,"gpt\n4"\n\nc,12,2023-11-16T18:17:03Z,\n'
    expect(await read('csv', text, { ...mapping, metadata: ['model', 'absent'] })).toEqual([
      {
        line: 1,
        event: {
          name: 'tokens',
          customerId: 'a, b',
          amount: '0.000000000001',
          timestamp: '2023-11-16T18:17:03.979960Z',
          sequence: 1,
          idempotencyKey: 'file-1',
          metadata: { model: 'gpt\n4' },
        },
      },
      expect.objectContaining({
        event: expect.objectContaining({ customerId: 'c', amount: '12', idempotencyKey: 'file-2' }),
      }),
    ])
  })

  test.each([
    ['an empty amount, which is not one unit', 'a,,2023-11-16T18:17:03Z', 'has no "n" for amount'],
    ['an empty time, which is not now', 'a,1,', 'has no "at" for timestamp'],
    ['no customer', ',1,2023-11-16T18:17:03Z', 'has no "tenant" for customerId'],
    ['a value too few', 'a,1', 'has 2 values, and the header has 3'],
    ['a value too many', 'a,1,000,2023-11-16T18:17:03Z', 'has 4 values, and the header has 3'],
  ])('is refused with %s, and the next one is read', async (_what, row, reason) => {
    const lines = await read('csv', `tenant,n,at\n${row}\nb,1,2023-11-16T18:17:03Z\n`, mapping)
    expect(lines).toEqual([refusedAt(1, reason), { line: 2, event: expect.anything() }])
  })

  test('needs no column for what the server fills in', async () => {
    const [line] = await read('csv', 'name,customerId\ncalls,a\n')
    expect(line).toEqual({
      line: 1,
      event: { name: 'calls', customerId: 'a', sequence: 1, idempotencyKey: 'file-1' },
    })
  })

  test('says how to name a column that is not there', async () => {
    const [line] = await read('csv', 'what,who\ncalls,a\n')
    expect(line).toEqual(refusedAt(1, 'name the column with --map name=COLUMN'))
  })

  test.each([
    ['text behind a quote', 'name,customerId\ncalls,"a"b\nc,d\n', 'line 2'],
    ['a quote that never ends', 'name,customerId\ncalls,"a\nc,d\n', 'Quote Not Closed'],
    ['two columns of one name', 'name,customerId,name\na,b,c\n', 'two columns "name"'],
  ])(
    'cannot be told from its neighbours with %s: the file is refused',
    async (_what, text, reason) => {
      const reading = read('csv', text)
      await expect(reading).rejects.toThrow(ConfigError)
      await expect(reading).rejects.toThrow(reason)
    },
  )

  test('of a file without rows is none', async () => {
    expect(await read('csv', '')).toEqual([])
    expect(await read('csv', 'name,customerId\n')).toEqual([])
  })
})

describe('a line of NDJSON', () => {
  test('becomes an event, its numbers and metadata as they are', async () => {
    const row = {
      name: 'tokens',
      customerId: 42,
      amount: 1e-7,
      timestamp: '2026-01-01T00:00:00Z',
      sequence: -5,
      idempotencyKey: 'k1',
      metadata: { a: [1, { b: null }] },
      other: true,
    }
    expect(await read('ndjson', `\ufeff${JSON.stringify(row)}\r\n\n`)).toEqual([
      {
        line: 1,
        event: {
          name: 'tokens',
          customerId: '42',
          amount: 1e-7,
          timestamp: '2026-01-01T00:00:00Z',
          sequence: -5,
          idempotencyKey: 'k1',
          metadata: { a: [1, { b: null }] },
        },
      },
    ])
  })

  test('ends at a line feed and at nothing else', async () => {
    const text = '{"name":"a\u2028b\u2029c","customerId":"\u0085"}\n{"name":"d","customerId":"e"}'
    expect(await read('ndjson', text)).toMatchObject([
      { line: 1, event: { name: 'a\u2028b\u2029c' } },
      { line: 2, event: { name: 'd' } },
    ])
  })

  test.each([
    ['no JSON', '{"name":', 'cannot be read'],
    ['a list', '["name"]', 'is not a JSON object'],
    ['a text', '"name"', 'is not a JSON object'],
    ['null', 'null', 'is not a JSON object'],
    [
      'more digits than a number keeps',
      '{"name":"a","customerId":"b","amount":12345678901234567890}',
      'as a string',
    ],
    ['a key twice', '{"name":"a","customerId":"b","amount":1,"amount":2}', 'twice'],
    [
      'a null amount, which is not one unit',
      '{"name":"a","customerId":"b","amount":null}',
      'has no "amount"',
    ],
    ['an object for a name', '{"name":{},"customerId":"b"}', 'neither text nor a number'],
    ['a truth for a customer', '{"name":"a","customerId":true}', 'neither text nor a number'],
    ['no name', '{"customerId":"b"}', 'has no "name"'],
    ['a name that is a part of every object', '{"customerId":"b"}', 'has no "constructor"'],
    ['a fractional sequence', '{"name":"a","customerId":"b","sequence":1.5}', 'not a whole number'],
  ])('is refused with %s, and the next one is read', async (what, text, reason) => {
    const columns = what.includes('part of every object') ? { name: 'constructor' } : undefined
    const lines = await read(
      'ndjson',
      `${text}\n{"name":"a","constructor":"a","customerId":"b"}\n`,
      columns && { columns },
    )
    expect(lines).toEqual([refusedAt(1, reason), { line: 2, event: expect.anything() }])
  })

  test('may be long, but not endless', async () => {
    const long = JSON.stringify({
      name: 'a',
      customerId: 'b',
      metadata: { a: 'x'.repeat(900_000) },
    })
    expect(await read('ndjson', `${long}\n${long}`)).toHaveLength(2)
    await expect(read('ndjson', 'x'.repeat(3_000_000))).rejects.toThrow(ConfigError)
  })
})

test('every line of ten thousand real ones is read', async () => {
  const log = fileURLToPath(new URL('../../../../../../shared/data/access.log', import.meta.url))
  if (!existsSync(log)) {
    process.stdout.write('The real data is not beside this tree, so none of it was read.\n')
    return
  }
  const customers = new Set<string>()
  const lines: EventLine[] = []
  for await (const line of readEvents(log, 'combined', NO_MAPPING)) {
    lines.push(line)
    if ('event' in line) customers.add(line.event.customerId)
  }
  expect(lines.filter((line) => 'refused' in line)).toEqual([])
  expect(lines).toHaveLength(10_000)
  expect(customers.size).toBe(1_753)
})
