import { isIP } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { createEgressGuard, isPublicAddress } from './egress-guard.ts'

describe('isPublicAddress', () => {
  test.each([
    ['10.0.0.0/8', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.64.0.0/10', '100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['127.0.0.0/8', '126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.254.0.0/16', '169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.16.0.0/12', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['192.168.0.0/16', '192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['198.18.0.0/15', '198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['Azure', '168.63.129.15', '168.63.129.16', '168.63.129.16', '168.63.129.17'],
    ['2001::/23', '2000:ffff::1', '2001::', '2001:1ff:ffff::1', '2001:200::'],
    ['2001:db8::/32', '2001:db7:ffff::1', '2001:db8::', '2001:db8:ffff::1', '2001:db9::'],
    ['2002::/16', '2001:ffff::1', '2002::', '2002:ffff::1', '2003::'],
    ['3fff::/20', '3ffe:ffff::1', '3fff::', '3fff:fff:ffff::1', '3fff:1000::'],
  ])(
    'refuses %s from its first to its last address and nothing beside it',
    (_, before, ...rest) => {
      const [first = '', last = '', after = ''] = rest
      expect([before, first, last, after].map(isPublicAddress)).toEqual([true, false, false, true])
    },
  )

  test('allows no IPv6 outside of what is handed out to the public', () => {
    const outside = [
      '::',
      '::1',
      '1fff::1',
      '4000::1',
      'fc00::1',
      'fe80::1',
      'ff02::1',
      '64:ff9b::1',
    ]
    expect(outside.filter(isPublicAddress)).toEqual([])
  })

  test.each([
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '8.8.8.8 ',
    '[2606::1]',
    '2606::1%eth0',
  ])('takes %j for no address at all', (text) => expect(isPublicAddress(text)).toBe(false))

  test('never allows what another reading of the registries calls special', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        fc.pre(isIP(text) !== 0)
        const isUnicast = ipaddr.process(text).range() === 'unicast'
        expect(isPublicAddress(text) && !isUnicast).toBe(false)
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('createEgressGuard', () => {
  test('opens nothing unless told, and http never to the public', () => {
    const { allows } = createEgressGuard([])
    expect(allows('127.0.0.1', 'https:')).toBe(false)
    expect(allows('8.8.8.8', 'https:')).toBe(true)
    expect(allows('8.8.8.8', 'http:')).toBe(false)
  })

  test('opens an allowed network by both protocols, in every spelling, and not its neighbours', () => {
    const { allows } = createEgressGuard(['10.1.0.0/16', 'fd00:1::/32'])
    for (const protocol of ['http:', 'https:']) {
      expect(allows('10.1.0.0', protocol)).toBe(true)
      expect(allows('::ffff:10.1.255.255', protocol)).toBe(true)
      expect(allows('fd00:1::7', protocol)).toBe(true)
      expect(allows('10.0.255.255', protocol)).toBe(false)
      expect(allows('10.2.0.0', protocol)).toBe(false)
      expect(allows('fd00:2::', protocol)).toBe(false)
    }
  })

  test.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10/8',
    'fd00::/129',
    '10.0.0.0/8/8',
    'x/8',
    '',
  ])('refuses to start with the network %j', (text) =>
    expect(() => createEgressGuard([text])).toThrow(RangeError),
  )
})
