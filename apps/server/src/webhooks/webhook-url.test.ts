import { describe, expect, test } from 'vitest'
import { createEgress, type Egress } from '../platform/egress/egress.ts'
import { ALLOWED_URLS, corpusNames, REFUSED_URLS } from '../platform/egress/test-ssrf-corpus.ts'
import { judgeUrl } from './webhook-url.ts'

function anEgress(allowedNetworks: readonly string[] = []): Egress {
  return createEgress({ allowedNetworks, resolve: corpusNames })
}

async function codeOf(egress: Egress, url: string): Promise<string | null> {
  const verdict = await judgeUrl(egress, url)
  return 'failure' in verdict ? verdict.failure.code : null
}

describe('judgeUrl', () => {
  test('refuses every URL of the corpus, of which there are many', async () => {
    expect(REFUSED_URLS.length).toBeGreaterThan(400)
    const egress = anEgress()
    const accepted: string[] = []
    for (const url of REFUSED_URLS) if ((await codeOf(egress, url)) === null) accepted.push(url)
    expect(accepted).toEqual([])
  })

  test('accepts ordinary receivers and the neighbours of every refused range', async () => {
    const egress = anEgress()
    const refused: string[] = []
    for (const url of ALLOWED_URLS) if ((await codeOf(egress, url)) !== null) refused.push(url)
    expect(refused).toEqual([])
  })

  test('answers the same for a private host, an unknown one and one of both kinds', async () => {
    const egress = anEgress()
    const hosts = ['10.0.0.1', 'private.test', 'unknown.test', 'mixed.test', '[::1]']
    const verdicts = await Promise.all(hosts.map((host) => judgeUrl(egress, `https://${host}/`)))
    const texts = verdicts.map((verdict) => 'failure' in verdict && verdict.failure.message)
    expect(new Set(texts).size).toBe(1)
  })

  test('stores the one spelling that was judged', async () => {
    const egress = anEgress()
    expect(await judgeUrl(egress, 'HTTPS://Public.TEST:443/a/../b?q=ü#part')).toEqual({
      url: 'https://public.test/b?q=%C3%BC',
    })
  })

  test.each([
    ['http://127.0.0.1:8080/', null],
    ['http://localhost/', 'webhooks.url_unreachable'], // it also has an address that is not allowed
    ['http://loopback.test/', null],
    ['https://loopback.test/', null],
    ['https://public.test/', null],
    ['http://public.test/', 'webhooks.url_unreachable'],
    ['http://10.0.0.1/', 'webhooks.url_unreachable'],
    ['http://127.0.0.1:6379/', 'webhooks.url_port'],
    ['ftp://127.0.0.1/', 'webhooks.url_not_https'],
  ])('with the loopback network allowed, judges %s as %s', async (url, code) => {
    expect(await codeOf(anEgress(['127.0.0.0/8']), url)).toBe(code)
  })
})
