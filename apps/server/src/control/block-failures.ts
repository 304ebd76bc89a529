import { atField, Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (block: string) =>
    new Failure('not_found', 'block.unknown', `There is no block "${block}".`),

  networkMalformed: (network: string) =>
    new Failure(
      'invalid',
      'block.network_malformed',
      `"${network}" is no network: send an address, or the /64 of IPv6, such as "192.0.2.1" or "2001:db8:0:1::/64".`,
      atField('/id', 'It is no network: an address, or the /64 of IPv6.'),
    ),

  over: (now: string) =>
    new Failure(
      'invalid',
      'block.over',
      `\`until\` is over: it is ${now}. Send a later instant, or null.`,
      atField('/until', 'It is over already.'),
    ),
}
