import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { SpillingResponse } from './spilling-response.ts'

const PIECE = 'x'.repeat(64 * 1024)
const PIECES = 512 // 32 MiB: many times what a connection takes unread

/** An answer that is being written, and the client that reads it when it likes. */
async function answering(): Promise<{
  response: ServerResponse
  incoming: Promise<IncomingMessage>
}> {
  let begun: (response: ServerResponse) => void
  const responding = new Promise<ServerResponse>((resolve) => {
    begun = resolve
  })
  const server = createServer((_request, response) => begun(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const outgoing = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  outgoing.on('error', () => {})
  const incoming = once(outgoing, 'response').then(([message]) => message as IncomingMessage)
  return { response: await responding, incoming }
}

async function digestOf(incoming: IncomingMessage): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of incoming) hash.update(chunk)
  return hash.digest('hex')
}

test('takes an answer of any length from one who does not read, in little memory, and hands it over whole', async () => {
  const { response, incoming } = await answering()
  const answer = new SpillingResponse(response)
  const expected = createHash('sha256')
  for (let index = 0; index < PIECES; index++) {
    const piece = `${index} ${PIECE}\n`
    expected.update(piece)
    await answer.write(piece)
    expect(response.writableLength).toBeLessThan(1024 * 1024)
  }
  const ended = answer.end()
  expect(await digestOf(await incoming)).toBe(expected.digest('hex'))
  await ended
})

test('catches up with one who reads slowly, and goes on directly', async () => {
  const { response, incoming } = await answering()
  const answer = new SpillingResponse(response)
  const expected = createHash('sha256')
  const write = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const piece = `${index} ${PIECE}\n`
      expected.update(piece)
      await answer.write(piece)
    }
  }
  await write(200)
  const digest = digestOf(await incoming)
  for (let round = 0; round < 10; round++) {
    await sleep(20)
    await write(20)
  }
  await answer.end()
  expect(await digest).toBe(expected.digest('hex'))
})

test('tells the writer when the reader is gone', async () => {
  const { response, incoming } = await answering()
  const answer = new SpillingResponse(response)
  for (let index = 0; index < 200; index++) await answer.write(PIECE)
  const message = await incoming
  message.on('error', () => {})
  message.destroy()
  await once(response, 'close')
  await expect(answer.write(PIECE)).rejects.toThrow('gone')
  await expect(answer.end()).rejects.toThrow('gone')
  await answer.close()
})
