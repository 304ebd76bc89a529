import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { BodyBudget, receiveBody } from './body.ts'

const BYTES_MAX = 1_000
const open: { server?: Server; sockets: Socket[] } = { sockets: [] }

afterEach(() => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  open.server?.close()
})

/** A server that receives bodies, and tells what came of each in the order in which it became known. */
async function receiver(budgetBytes: number) {
  const budget = new BodyBudget(budgetBytes)
  const ends: string[] = []
  const server = createServer((request, response) => {
    receiveBody(request, BYTES_MAX, budget, (failure, body) => {
      ends.push(failure?.code ?? body.toString())
      response.end()
    })
  })
  open.server = server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, ends, budget }
}

function begin(port: number, length: number, body: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${body}`)
  open.sockets.push(socket)
  return socket
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5)
}

test('puts a body together that comes in parts', async () => {
  const { port, ends } = await receiver(10_000)
  const socket = begin(port, 9, 'one')
  await sleep(20)
  socket.write('two')
  await sleep(20)
  socket.write('six')
  await until(() => ends.length === 1)
  expect(ends).toEqual(['onetwosix'])
})

test('refuses at once what says that it is too large, and later what turns out to be', async () => {
  const { port, ends } = await receiver(10_000)
  begin(port, BYTES_MAX + 1, '')
  await until(() => ends.length === 1)
  const socket = connect(port, '127.0.0.1')
  open.sockets.push(socket)
  const part = `${(600).toString(16)}\r\n${'x'.repeat(600)}\r\n`
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${part}${part}`)
  await until(() => ends.length === 2)
  expect(ends).toEqual(['request.too_large', 'request.too_large'])
})

test('refuses a body for which there is no memory left, until another is done or its sender gone', async () => {
  const { port, ends, budget } = await receiver(1_200)
  const half = begin(port, 1_000, 'x'.repeat(900))
  await sleep(50)
  begin(port, 400, 'y'.repeat(400))
  await until(() => ends.length === 1)
  half.destroy()
  await sleep(50)
  begin(port, 400, 'z'.repeat(400))
  await until(() => ends.length === 2)
  expect(ends).toEqual(['usage.overloaded', 'z'.repeat(400)])
  expect(budget.isSpent).toBe(false)
  budget.take(1_200)
  expect(budget.isSpent).toBe(false) // nothing of the three bodies is still counted
  budget.take(1)
  expect(budget.isSpent).toBe(true)
})
