import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { newId } from '../platform/id.ts'
import { silentLog } from '../platform/log.ts'
import type { Loop } from '../platform/loop.ts'
import { appendAudit } from './append-audit.ts'
import { runSealing, verifyChain } from './seal-chain.ts'

const WAIT_MS_MAX = 60_000
const running: Loop[] = []

afterAll(async () => {
  await Promise.all(running.map((loop) => loop.stop()))
})

async function aSealer(): Promise<Loop> {
  const { database } = await testDatabase()
  const loop = runSealing({ db: database, clock: systemClock, log: silentLog() })
  running.push(loop)
  return loop
}

async function anOrganization(): Promise<string> {
  const id = newId('org')
  const values = { id, name: 'Sealed', created_at: new Date() }
  await inOwnTransaction((tx) => tx.insertInto('organizations').values(values).execute())
  return id
}

function note(organizationId: string, action: string): Promise<void> {
  return inOwnTransaction((tx) =>
    appendAudit(tx, {
      ...{ organizationId, envId: null, action, target: null, requestId: newId('req') },
      ...{ actor: { kind: 'system', id: 'test' }, at: new Date(), sent: {} },
    }),
  )
}

async function sealed(organizationId: string, count: number) {
  const { database } = await testDatabase()
  const giveUpMs = performance.now() + WAIT_MS_MAX
  for (;;) {
    const report = await verifyChain(database, organizationId)
    if (report.sealed === BigInt(count) || performance.now() > giveUpMs) return report
    await sleep(50)
  }
}

test('three workers seal what is noted meanwhile in several logs, each entry once', async () => {
  const organizations = [await anOrganization(), await anOrganization(), await anOrganization()]
  for (let worker = 0; worker < 3; worker++) await aSealer()
  const ENTRIES = 60
  for (let entry = 0; entry < ENTRIES; entry++)
    await Promise.all(organizations.map((id) => note(id, `step ${entry}`)))
  for (const id of organizations)
    expect(await sealed(id, ENTRIES)).toMatchObject({ waiting: 0, broken: null, sealed: 60n })
})

test('a worker that was stopped loses nothing, and another goes on with the same chain', async () => {
  const id = await anOrganization()
  const first = await aSealer()
  await note(id, 'before')
  const { head } = await sealed(id, 1)
  await Promise.all(running.splice(0).map((loop) => loop.stop()))
  await first.stop() // the second time it has stopped already
  await note(id, 'between')
  const { database } = await testDatabase()
  expect(await verifyChain(database, id)).toMatchObject({ sealed: 1n, waiting: 1, head })
  await aSealer()
  const after = await sealed(id, 2)
  expect(after).toMatchObject({ waiting: 0, broken: null })
  expect(after.head).not.toBe(head)
})
