import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EntryQueue } from './entry-queue.ts'
import { Spool } from './spool.ts'

test('a file whose lines are mostly settled is made anew of what still waits', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-spool-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const queue = new EntryQueue(100, 2 ** 30)
  const spool = new Spool({ folder }, queue)
  const json = JSON.stringify('x'.repeat(2 ** 20))
  for (let count = 1; count <= 24; count += 1) spool.add(queue.push(json, count))
  for (let sequence = 1; sequence <= 22; sequence += 1) {
    queue.remove(1)
    spool.settled(sequence)
  }
  const [file = '', ...others] = readdirSync(folder)
  expect(others).toEqual([])
  expect(statSync(path.join(folder, file)).size).toBeLessThan(4 * 2 ** 20)

  spool.close()
  const left = new Spool({ folder }, new EntryQueue(100, 2 ** 30)).adopt()
  expect(left?.entries.map(({ count }) => count)).toEqual([23, 24])
})
