import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './db/database.ts'
import { testDatabase } from './db/test-db.ts'
import { openLog } from './log.ts'

function logging() {
  const lines: string[] = []
  const log = openLog('info', { write: (line) => lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') }
}

test('a line is one JSON object, whatever the text, so that nobody can forge another', () => {
  const { log, lines, last } = logging()
  log.info({ name: 'a\n{"level":60,"msg":"forged"}\u001b[31m' }, 'b\r\n{"level":60}')
  expect(lines).toHaveLength(1)
  for (const character of ['\n', '\r', '\u001b'])
    expect(lines[0]?.trimEnd()).not.toContain(character)
  expect(last()).toMatchObject({ level: 30, msg: 'b\r\n{"level":60}' })
})

test('a secret is replaced where one is known to stand', () => {
  const { log, lines } = logging()
  log.info({
    apiKey: 'canary-1',
    endpoint: { secret: 'canary-2' },
    req: { headers: { authorization: 'canary-3', 'x-usageflow-api-key': 'canary-4' } },
  })
  expect(lines.join()).not.toContain('canary')
})

test('an error brings its text, code and causes, and nothing that hangs on it', () => {
  const { log, lines, last } = logging()
  const refused = Object.assign(new Error('refused'), {
    code: '23505',
    constraint: 'one_key',
    detail: 'Key (hash)=(canary) already exists.',
    client: { secretKey: 'canary' },
  })
  log.error({ err: new Error('outer', { cause: refused }) }, 'it failed')
  expect(lines.join()).not.toContain('canary')
  expect(last().err).toMatchObject({
    message: 'outer',
    stack: expect.stringContaining('log.test.ts'),
    cause: { message: 'refused', code: '23505', constraint: 'one_key' },
  })
})

test.each(['text', undefined, null, 7])('%s that was thrown is logged as text', (thrown) => {
  const { log, last } = logging()
  log.error({ err: thrown }, 'it failed')
  expect(last()).toMatchObject({ msg: 'it failed' })
})

test('a lost connection is told in a short line without its password', async () => {
  const { log, lines } = logging()
  const { url } = await testDatabase()
  const database = openDatabase({ url, log, connectionsMax: 1 })
  onTestFinished(() => database.end())
  const { rows } = await database.pool.query('select pg_backend_pid() as pid')
  const killer = openDatabase({ url, log, connectionsMax: 1 })
  onTestFinished(() => killer.end())
  await killer.pool.query('select pg_terminate_backend($1)', [rows[0].pid])
  await sleep(100)
  expect(lines.join()).toContain('an idle database connection was lost')
  expect(lines.join()).not.toContain(new URL(url).password)
  for (const line of lines) expect(line.length).toBeLessThan(2_000)
})
