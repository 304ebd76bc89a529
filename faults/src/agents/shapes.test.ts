import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { compareShapes, SHAPES } from './shapes.ts'

/** Answers everything with the same bytes. */
async function hostOf(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.resume()
    socket.end(answer)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const answerOf = (headers: string, body = 'hello') =>
  `HTTP/1.1 200 OK\r\n${headers}connection: close\r\n\r\n${body}`

test('what time and limits put into an answer is no difference', async () => {
  const bare = await hostOf(answerOf('Date: yesterday\r\n'))
  const covered = await hostOf(answerOf('Date: today\r\nRateLimit: "hourly";r=1;t=9\r\n'))
  const { differences, answered } = await compareShapes(bare, covered)
  expect(differences).toEqual([])
  expect(answered).toHaveLength(SHAPES.length)
})

test.each([
  ['another body', answerOf('', 'hellO')],
  ['another header', answerOf('x-powered-by: us\r\n')],
  ['the same header in other letters', answerOf('').replace('connection', 'Connection')],
  ['a shorter body', answerOf('', 'hell')],
  ['no answer', ''],
])('%s is a difference of every shape', async (_what, answer) => {
  const { differences } = await compareShapes(await hostOf(answerOf('')), await hostOf(answer))
  expect(differences).toHaveLength(SHAPES.length)
})
