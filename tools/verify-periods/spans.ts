import { ZONES } from '../../packages/pricing/src/test-period-oracle.ts'

/** Every day of `[from, to]` is to be the anchor of periods in a zone; both like `2023-01-01`. */
export type AnchorSpan = {
  readonly timeZone: string
  readonly from: string
  readonly to: string
}

/** Of every cycle, from every anchor. */
export const PERIODS = 24

/** Two leap years, in zones of all kinds. */
export const PRESENT: readonly AnchorSpan[] = ZONES.map((timeZone) => ({
  timeZone,
  from: '2023-01-01',
  to: '2028-12-31',
}))

/** What clocks have done before, and may do again. */
export const PAST: readonly AnchorSpan[] = [
  { timeZone: 'Pacific/Apia', from: '2011-12-01', to: '2012-01-15' }, // no 30 December 2011
  { timeZone: 'Pacific/Fakaofo', from: '2011-12-01', to: '2012-01-15' },
  { timeZone: 'Pacific/Kiritimati', from: '1994-12-01', to: '1995-01-15' }, // no 31 December 1994
  { timeZone: 'Pacific/Kwajalein', from: '1993-08-01', to: '1993-09-15' }, // no 21 August 1993
  { timeZone: 'America/St_Johns', from: '2006-03-15', to: '2006-11-15' }, // back at 00:01: a day begins twice
  { timeZone: 'America/Goose_Bay', from: '2010-10-01', to: '2011-12-01' },
  { timeZone: 'Asia/Colombo', from: '1996-05-01', to: '1996-11-15' }, // back by half an hour, to midnight
  { timeZone: 'Asia/Kathmandu', from: '1985-12-15', to: '1986-01-15' }, // no first quarter of an hour of 1986
  { timeZone: 'Asia/Pyongyang', from: '2015-08-01', to: '2015-08-31' },
  { timeZone: 'Asia/Pyongyang', from: '2018-04-20', to: '2018-05-20' }, // forward from 23:30 to midnight
  { timeZone: 'Africa/Cairo', from: '2010-04-01', to: '2010-11-01' }, // four changes in a year
  { timeZone: 'America/Sao_Paulo', from: '2017-10-01', to: '2019-03-01' }, // summer time at midnight
  { timeZone: 'America/Asuncion', from: '2009-10-01', to: '2010-04-30' },
  { timeZone: 'America/Caracas', from: '2007-12-01', to: '2007-12-31' },
  { timeZone: 'America/Caracas', from: '2016-04-15', to: '2016-05-15' },
  { timeZone: 'America/Juneau', from: '1983-10-15', to: '1983-12-15' },
  { timeZone: 'Antarctica/Casey', from: '2009-10-01', to: '2010-04-01' },
  { timeZone: 'Asia/Amman', from: '2012-10-01', to: '2014-01-15' },
  { timeZone: 'Europe/Lisbon', from: '1992-09-01', to: '1993-04-15' },
  { timeZone: 'Europe/Moscow', from: '2011-03-15', to: '2011-11-15' },
]
