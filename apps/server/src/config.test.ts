import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const proxiesOf = (text: string) => readConfig({ USAGEFLOW_TRUSTED_PROXIES: text }).trustedProxies

test('trusted proxies are addresses and networks, of both kinds', () => {
  expect(proxiesOf('')).toEqual([])
  expect(proxiesOf('10.0.0.0/8, 192.0.2.7,fd00::/128')).toEqual([
    '10.0.0.0/8',
    '192.0.2.7',
    'fd00::/128',
  ])
})

test.each([
  'proxy.internal',
  '10.0.0.0/33',
  '10.0.0.0/',
  'fd00::/129',
  '10.0.0.0/8/8',
  '10.0.0.0/8;::1',
])('refuses %j as a trusted proxy, and says what it takes', (text) => {
  expect(() => proxiesOf(text)).toThrow(ConfigError)
  expect(() => proxiesOf(text)).toThrow('USAGEFLOW_TRUSTED_PROXIES: takes addresses and networks')
})
