import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../db/test-db.ts'
import { silentLog } from '../log.ts'
import { createSealer } from '../secrets/seal.ts'
import { latestMails, writeMail } from './mail.ts'
import { runMails } from './send-mails.ts'

const sealer = createSealer(Buffer.alloc(32, 7))
const systemNow = new Date('2026-03-01T12:00:00Z')
const mail = { to: 'ann@example.com', subject: 'Hello\r\nBcc: eve@example.com', text: 'the link' }

/** A mail server that takes every message, or says that it cannot. */
async function aMailServer(accepts: () => boolean) {
  const taken: string[] = []
  const server = createServer((socket: Socket) => {
    let text: string | null = null
    const answerLine = (line: string): string => {
      if (line.startsWith('MAIL') && !accepts()) return '451 later'
      if (!line.startsWith('DATA')) return '250 fine'
      text = ''
      return '354 go on'
    }
    const answerText = (whole: string): string | null => {
      text = whole
      if (!whole.endsWith('\r\n.\r\n')) return null
      taken.push(whole)
      text = null
      return '250 taken'
    }
    socket.write('220 ready\r\n')
    socket.on('data', (chunk) => {
      const answer = text === null ? answerLine(String(chunk)) : answerText(text + String(chunk))
      if (answer !== null) socket.write(`${answer}\r\n`)
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, taken }
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let n = 0; n < 2_400 && !(await isSo()); n++) await sleep(25)
}

const waiting = () => inOwnTransaction((tx) => tx.selectFrom('outbox_mails').selectAll().execute())

test('a message goes out after its commit, is tried again, and is then forgotten', async () => {
  let isUp = false
  const { url, taken } = await aMailServer(() => isUp)
  let now = systemNow
  const { database: db } = await testDatabase()
  await inOwnTransaction((tx) => writeMail(tx, mail, { sealer, systemNow }))
  const undone = inOwnTransaction(async (tx) => {
    await writeMail(tx, { ...mail, to: 'nobody@example.com' }, { sealer, systemNow })
    throw new Error('it came to nothing')
  })
  await expect(undone).rejects.toThrow('nothing')
  const mailServer = { url, from: 'UsageFlow <us@example.com>' }
  const loop = runMails({ db, clock: () => now, log: silentLog(), sealer, mailServer })
  try {
    await until(async () => (await waiting())[0]?.tries === 1)
    expect(taken).toEqual([])
    isUp = true
    now = new Date(systemNow.getTime() + 10_000)
    loop.wake()
    await until(() => taken.length > 0)
  } finally {
    await loop.stop()
  }
  expect(taken).toHaveLength(1)
  expect(taken[0]).toContain('To: ann@example.com')
  expect(taken[0]).not.toMatch(/^Bcc:/m)
  expect(await waiting()).toMatchObject([{ sealed_body: null, next_try_at: null }])
})

test('without a mail server it can be read in the outbox, and the database does not tell it', async () => {
  await inOwnTransaction((tx) => writeMail(tx, mail, { sealer, systemNow }))
  const [shown] = await inOwnTransaction((tx) => latestMails(tx, sealer, 1))
  expect(shown).toMatchObject({ to: 'ann@example.com', text: 'the link' })
  expect(JSON.stringify(await waiting())).not.toContain('the link')
})
