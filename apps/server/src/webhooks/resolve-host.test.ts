import { describe, expect, onTestFinished, test } from 'vitest'
import { createEgress } from '../platform/egress/egress.ts'
import { createResolver, type ResolveHost } from '../platform/egress/resolve-host.ts'
import { startNameServer } from '../platform/egress/test-name-server.ts'
import { createWebhookSender, type WebhookSender } from './safe-fetch.ts'
import { startReceiver, startTcp } from './test-receiver.ts'
import { judgeUrl } from './webhook-url.ts'

/** A resolver that asks a name server with these answers, over the network. */
async function resolverOf(recordOf: Parameters<typeof startNameServer>[0]): Promise<ResolveHost> {
  const server = await startNameServer(recordOf)
  onTestFinished(() => server.close())
  return createResolver({ readsHostsFile: false, nameServers: [server.address] })
}

function senderBy(resolve: ResolveHost, allowedNetworks: readonly string[] = []): WebhookSender {
  return createWebhookSender(createEgress({ allowedNetworks, resolve }))
}

describe('the name servers', () => {
  test('are asked for all addresses of both families', async () => {
    const resolve = await resolverOf(() => ({ addresses: ['8.8.8.8', '8.8.4.4', '2606:4700::1'] }))
    expect([...(await resolve('public.test'))].sort()).toEqual([
      '2606:4700::1',
      '8.8.4.4',
      '8.8.8.8',
    ])
  })

  test('that know no such name leave it without address', async () => {
    const resolve = await resolverOf(() => undefined)
    expect(await resolve('unknown.test')).toEqual([])
  })

  test('cannot lead to a private address by an alias', async () => {
    const canary = await startTcp('127.0.0.1')
    onTestFinished(() => canary.close())
    const alias = { alias: 'inside.test', addresses: ['127.0.0.1'] }
    const resolve = await resolverOf((name) => (name === 'alias.test' ? alias : undefined))
    expect(await resolve('alias.test')).toEqual(['127.0.0.1'])

    const url = `https://alias.test:${canary.port}/`
    const verdict = await judgeUrl(createEgress({ allowedNetworks: [], resolve }), url)
    expect(verdict).toHaveProperty('failure')
    const reply = await senderBy(resolve)({ url, headers: {}, body: '' })
    expect(reply.error).toBe('unreachable')
    expect(canary.connections()).toBe(0)
  })

  test('that change their answer every time never get a webhook to a private address', async () => {
    const canary = await startTcp('127.0.0.1')
    onTestFinished(() => canary.close())
    // Each lookup asks twice, for IPv4 and IPv6: public at the first lookup, private ever after.
    const resolve = await resolverOf((_, asked) => ({
      addresses: [asked < 2 ? '8.8.8.8' : '127.0.0.1'],
    }))
    const url = `https://rebinding.test:${canary.port}/`
    const egress = createEgress({ allowedNetworks: [], resolve })
    expect(await judgeUrl(egress, url)).toHaveProperty('url')
    const send = createWebhookSender(egress)
    for (let n = 0; n < 50; n++) {
      expect((await send({ url, headers: {}, body: '' })).error).toBe('unreachable')
    }
    expect(canary.connections()).toBe(0)
  })

  test('of an allowed network lead to the receiver', async () => {
    const receiver = await startReceiver()
    onTestFinished(() => receiver.close())
    const resolve = await resolverOf(() => ({ addresses: ['127.0.0.1'] }))
    const url = `http://inside.test:${receiver.port}/`
    const reply = await senderBy(resolve, ['127.0.0.0/8'])({ url, headers: {}, body: '{}' })
    expect(reply.status).toBe(204)
    expect(receiver.received[0]?.headers.host).toBe(`inside.test:${receiver.port}`)
  })

  test('that never answer are waited for no longer than the request', async () => {
    const resolve = await resolverOf(() => null)
    const startedAt = performance.now()
    expect(await resolve('silent.test')).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(12_000)
  })
})

test('names that only this machine knows are found where private networks are allowed', async () => {
  const resolve = createResolver({ readsHostsFile: true })
  expect(await resolve('localhost')).toContain('127.0.0.1')
})
