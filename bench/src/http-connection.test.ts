import { expect, test } from 'vitest'
import { readAnswer } from './http-connection.ts'

const HEAD = 'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n'

test.each([
  ['nothing', ''],
  ['half a head', `${HEAD}Content-Len`],
  ['a head without its body', `${HEAD}Content-Length: 2\r\n\r\n`],
  ['half a body', `${HEAD}Content-Length: 2\r\n\r\n{`],
  ['a chunk that is not the last', `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
])('an answer is awaited to its end: %s', (_what, text) => {
  expect(readAnswer(Buffer.from(text))).toBeUndefined()
})

test.each([
  ['of known length', `${HEAD}Content-Length: 2\r\n\r\n{}`],
  ['in chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
])('an answer %s is read', (_what, text) => {
  const answer = readAnswer(Buffer.from(text))
  expect(answer?.status).toBe(201)
  expect(answer?.body.toString()).toContain('{}')
})
