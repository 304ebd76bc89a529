import { expect, test } from 'vitest'
import { completionWatch, frontendMessages } from './postgres-messages.ts'

function message(type: string, content: string): Buffer {
  const body = Buffer.from(content, 'binary')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const STARTUP = Buffer.concat([Buffer.from([0, 0, 0, 10, 0, 3, 0, 0]), Buffer.from('u\0')])

const CONVERSATION = Buffer.concat([
  SSL_REQUEST,
  STARTUP,
  message('Q', 'BEGIN\0'),
  message('P', 'name\0 COPY events FROM stdin (format binary)\0\0\0'),
  message('B', 'portal\0name\0\0\0'),
  message('d', 'rows\0rows'),
  message('c', ''),
  message('Q', 'COMMIT\0'),
])

test.each([1, 3, 7, 1_000])('finds the messages in pieces of %i bytes', (size) => {
  const split = frontendMessages()
  const found = []
  for (let at = 0; at < CONVERSATION.length; at += size)
    found.push(...split(CONVERSATION.subarray(at, at + size)))
  expect(found.map(({ kind, statement }) => [kind, statement])).toEqual([
    ['startup', ''],
    ['startup', ''],
    ['query', 'begin'],
    ['parse', 'copy events from stdin (format binary)'],
    ['bind', 'copy events from stdin (format binary)'],
    ['copyData', ''],
    ['copyDone', ''],
    ['query', 'commit'],
  ])
  expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(CONVERSATION)
})

test('an answer counts once the command is complete or has failed', () => {
  const watch = completionWatch()
  expect(watch(message('G', '\0\0\0'))).toBe(false)
  const complete = message('C', 'COPY 3\0')
  expect(watch(complete.subarray(0, 4))).toBe(false)
  expect(watch(complete.subarray(4))).toBe(true)
  expect(completionWatch()(message('E', 'SERROR\0\0'))).toBe(true)
})
