import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { headersOf } from './framework-api.ts'

/** What is read of a request that is sent with these, one line for each of a list. */
async function sent(headers: Readonly<Record<string, string | string[]>>): Promise<unknown> {
  const server = createServer((incoming, response) => {
    const read = headersOf(incoming)
    for (const name of Object.keys(incoming.headers)) incoming.headers[name] = 'changed by the host'
    response.end(JSON.stringify(read))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', agent: false, headers }
    request(options, (answer) => resolve(json(answer)))
      .on('error', reject)
      .end()
  })
}

test('a header that came once is a text, whatever Node makes of it', async () => {
  const once = { 'x-user-id': 'ann', 'set-cookie': 'a=b' }
  expect(await sent({ ...once, 'set-cookie': ['a=b'] })).toMatchObject(once)
})

test.each(['x-user-id', 'user-agent'])('%s that came several times stays several', async (name) => {
  expect(await sent({ [name]: ['ann', 'bob'], accept: '*/*' })).toMatchObject({
    ...{ [name]: ['ann', 'bob'], accept: '*/*' },
  })
})

test('what the host changes later changes nothing here', async () => {
  expect(await sent({ 'x-user-id': 'ann' })).toMatchObject({ 'x-user-id': 'ann' })
})
