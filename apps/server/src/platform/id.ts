import { typeid } from 'typeid-js'

/** The kinds of ids that leave the system. A log line with one says what it is about. */
export type IdPrefix =
  | 'org'
  | 'cus'
  | 'mtr'
  | 'plan'
  | 'txr'
  | 'cpn'
  | 'cpa'
  | 'aon'
  | 'soa'
  | 'sub'
  | 'crg'
  | 'hold'
  | 'inv'
  | 'crn'
  | 'we'
  | 'whd'
  | 'fact'
  | 'key'
  | 'imp'
  | 'pm'
  | 'pay'
  | 'atu'
  | 'alr'
  | 'req'
  | 'usr'
  | 'ses'
  | 'acc'
  | 'vrf'
  | 'tfa'
  | 'ivt'
  | 'mail'
  | 'aud'
  | 'plk'
  | 'str'
  | 'pol'

/** A new id like `inv_01h455vb4pex5vsknk084sn02q`: unique, and sorted by the time of its making. */
export function newId(prefix: IdPrefix): string {
  return typeid(prefix).toString()
}
