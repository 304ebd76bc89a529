import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openJournal } from './journal.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-journal-'))
afterAll(() => rmSync(folder, { recursive: true }))

function linesOf(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('a line is on its way to the disk before the next statement runs', () => {
  const file = path.join(folder, 'written.ndjson')
  const journal = openJournal(file)
  journal.write({ t: 'attempt', id: '1', n: 1, at: 5, server: 'a' })
  expect(linesOf(file)).toEqual([{ t: 'attempt', id: '1', n: 1, at: 5, server: 'a' }])
  journal.close()
})

test('what was written stays when the writer is killed', () => {
  const file = path.join(folder, 'killed.ndjson')
  const source = fileURLToPath(new URL('./journal.ts', import.meta.url))
  const script = `
    import { openJournal } from ${JSON.stringify(source)}
    const journal = openJournal(${JSON.stringify(file)})
    for (let n = 1; n <= 100; n++) journal.write({ t: 'attempt', id: 'x', n, at: n, server: 'a' })
    process.kill(process.pid, 'SIGKILL')`
  const tsx = import.meta.resolve('tsx')
  expect(() =>
    execFileSync(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
      stdio: 'ignore',
    }),
  ).toThrow(/SIGKILL|Command failed/)
  expect(linesOf(file)).toHaveLength(100)
})

test('a journal opened again goes on where it ended', () => {
  const file = path.join(folder, 'again.ndjson')
  for (const n of [1, 2]) {
    const journal = openJournal(file)
    journal.write({ t: 'attempt', id: 'x', n, at: n, server: 'a' })
    journal.close()
  }
  expect(linesOf(file)).toHaveLength(2)
})
