import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderHolder, lockFolder } from './folder-lock.ts'
import { processStamp } from './processes.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Leaves a file as the process `pid` would have, had it started at the time that `stamp` tells. */
function mark(pid: number, kind: 'held' | 'claim', stamp: string): void {
  mkdirSync(path.join(folder, 'usageflow.lock'), { recursive: true })
  writeFileSync(path.join(folder, 'usageflow.lock', `${pid}.${kind}`), stamp)
}

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

test('is held by one, also within one process, until it is given back', async () => {
  const lock = await lockFolder(folder)
  expect(folderHolder(folder)).toBe(process.pid)
  await expect(lockFolder(folder)).rejects.toMatchObject({
    problem: 'folder_in_use',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  lock.release()
  expect(folderHolder(folder)).toBe(undefined)
  const again = await lockFolder(folder)
  again.release()
})

test.each(['held', 'claim'] as const)('is taken over from a dead process (%s)', async (kind) => {
  mark(deadPid(), kind, 'some-boot/1')
  expect(folderHolder(folder)).toBe(undefined)
  await lockFolder(folder)
  expect(readdirSync(path.join(folder, 'usageflow.lock'))).toEqual([`${process.pid}.held`])
})

test('is taken over when the number of the dead process belongs to a later one', async () => {
  mark(process.ppid, 'held', 'boot-before-this-one/1')
  await lockFolder(folder)
  expect(folderHolder(folder)).toBe(process.pid)
})

test('is taken over by a later process with the same number, as in a container', async () => {
  mark(process.pid, 'held', 'boot-before-this-one/1')
  await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toMatchObject({ problem: 'folder_in_use' })
})

test('is not taken while another live process claims it', async () => {
  mark(process.ppid, 'claim', processStamp(process.ppid))
  await expect(lockFolder(folder)).rejects.toMatchObject({
    problem: 'folder_in_use',
    message: expect.stringContaining(`process ${process.ppid}`),
  })
})
