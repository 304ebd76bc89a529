import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEgress } from '../platform/egress/egress.ts'
import type { ResolveHost } from '../platform/egress/resolve-host.ts'
import { corpusNames, REFUSED_HOSTS } from '../platform/egress/test-ssrf-corpus.ts'
import { createWebhookSender, type WebhookReply, type WebhookSender } from './safe-fetch.ts'
import { startReceiver, startTcp, type TcpServer } from './test-receiver.ts'
import { judgeUrl } from './webhook-url.ts'

/** What must never be reached: the same port of both loopback addresses, where the machine has both. */
let canaries: TcpServer[]
let port: number
beforeAll(async () => {
  const first = await startTcp('127.0.0.1')
  port = first.port
  const second = await startTcp('::1', port).catch(() => null)
  canaries = second ? [first, second] : [first]
})
afterAll(() => Promise.all(canaries.map((canary) => canary.close())))

function reached(): number {
  return canaries.reduce((sum, canary) => sum + canary.connections(), 0)
}

function aSender(allowedNetworks: readonly string[], resolve: ResolveHost): WebhookSender {
  return createWebhookSender(createEgress({ allowedNetworks, resolve }), 2_000)
}

/** The URLs of the corpus with the port of the canary, as if they had been saved before all rules. */
function savedUrls(): string[] {
  const urls = REFUSED_HOSTS.flatMap((host) => [
    `https://${host}:${port}/`,
    `http://${host}:${port}/`,
  ])
  return urls.filter((url) => URL.canParse(url))
}

describe('at connecting', () => {
  test('nothing of the corpus is reached, whatever was saved', async () => {
    const send = aSender([], corpusNames)
    const urls = savedUrls()
    expect(urls.length).toBeGreaterThan(250)
    const before = reached()
    const replies: WebhookReply[] = []
    for (const url of urls) replies.push(await send({ url, headers: {}, body: '{}' }))

    expect(reached()).toBe(before)
    const refused = urls.filter((_, index) => replies[index]?.error === 'unreachable')
    expect(refused).toEqual(urls)
  })

  test('the same URLs do reach the canary when its network is allowed, so the test can fail', async () => {
    const send = aSender(['127.0.0.0/8', '::1/128'], corpusNames)
    const before = reached()
    const hosts = [
      '127.0.0.1',
      '0x7f.1',
      '2130706433',
      'localhost',
      '[::ffff:127.0.0.1]',
      'mapped.test',
    ]
    await Promise.all(
      hosts.map((host) => send({ url: `http://${host}:${port}/`, headers: {}, body: '' })),
    )
    expect(reached() - before).toBeGreaterThanOrEqual(hosts.length)
  })

  test('a name that was public when it was saved leads nowhere else: 1,000 deliveries', async () => {
    let isSaved = false
    const resolve: ResolveHost = async () => (isSaved ? ['127.0.0.1'] : ['8.8.8.8'])
    const egress = createEgress({ allowedNetworks: [], resolve })
    expect(await judgeUrl(egress, `https://rebinding.test:${port}/`)).toHaveProperty('url')
    isSaved = true
    const send = createWebhookSender(egress)
    const before = reached()
    for (let n = 0; n < 1_000; n++) {
      const request = { url: `https://rebinding.test:${port}/`, headers: {}, body: '' }
      expect(await send(request)).toMatchObject({ status: null, error: 'unreachable' })
    }
    expect(reached()).toBe(before)
  })

  test('a name is asked for once a connection: no second answer can be slipped in', async () => {
    const receiver = await startReceiver()
    let asked = 0
    const resolve: ResolveHost = async () => {
      asked += 1
      return asked % 2 === 1 ? ['127.0.0.1'] : ['10.0.0.1']
    }
    const send = aSender(['127.0.0.1/32'], resolve)
    const url = `http://flipping.test:${receiver.port}/`
    expect(await send({ url, headers: {}, body: '' })).toMatchObject({ status: 204 })
    expect(asked).toBe(1)
    expect(await send({ url, headers: {}, body: '' })).toMatchObject({ error: 'unreachable' })
    await receiver.close()
  })

  test('http to a public address is refused also when some private network is allowed', async () => {
    const send = aSender(['127.0.0.1/32'], async () => ['8.8.8.8'])
    const reply = await send({ url: 'http://public.test/', headers: {}, body: '' })
    expect(reply).toMatchObject({ error: 'unreachable' })
    expect(reply.durationMs).toBeLessThan(1_000) // refused, not tried
  })

  test('a redirect to a private place is not followed', async () => {
    const before = reached()
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${port}/`
      const receiver = await startReceiver((response) =>
        response.writeHead(status, { location }).end(),
      )
      const send = aSender(['127.0.0.0/8'], corpusNames)
      expect(await send({ url: receiver.url, headers: {}, body: '' })).toMatchObject({ status })
      await receiver.close()
    }
    expect(reached()).toBe(before)
  })
})
