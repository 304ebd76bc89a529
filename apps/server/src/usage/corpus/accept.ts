import { type CorpusEntry, JSON_LINE, shown, tracked, withFields } from './entry.ts'

/** A request that must be taken, and what must be read back then. */
export type AcceptedEntry = CorpusEntry & { readonly stored: Readonly<Record<string, unknown>> }

const long = (length: number, character = 'x') => character.repeat(length)
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()

/** One entry for each pair: the value as raw JSON, and what it must read back as. */
function eachStored(
  field: string,
  pairs: readonly (readonly [raw: string, stored: unknown])[],
): AcceptedEntry[] {
  const shownAs = field === 'metric' ? 'name' : field
  return pairs.map(([raw, stored]) => ({
    ...tracked(`${field}: ${shown(raw)}`, withFields({ [field]: raw })),
    stored: { [shownAs]: stored },
  }))
}

/** The values that are stored as they are sent. */
function asSent(field: string, values: readonly unknown[]): AcceptedEntry[] {
  return eachStored(
    field,
    values.map((value) => [JSON.stringify(value), value]),
  )
}

const withLines = (what: string, lines: readonly string[], stored = {}): AcceptedEntry => ({
  ...tracked(what, withFields({}), [...lines]),
  stored,
})

const second = ago(5_000).slice(0, 19)

/** The same second where the clocks are that many hours ahead. */
const local = (hours: number) =>
  new Date(Date.parse(`${second}Z`) + hours * 3_600_000).toISOString().slice(0, 19)

const lately = ago(34 * 86_400_000)
const soon = ago(-4 * 60_000)

/** Must be answered 2xx and be stored as sent: what looks hostile and is legal. */
export const mustAccept: readonly AcceptedEntry[] = [
  ...eachStored('amount', [
    ['0', '0'],
    ['1', '1'],
    ['1.0', '1'],
    ['1e0', '1'],
    ['1E+2', '100'],
    ['0.1', '0.1'],
    ['0.30000000000000', '0.3'],
    ['1e-7', '0.0000001'],
    ['1.5e-7', '0.00000015'],
    ['1e-12', '0.000000000001'],
    ['123456789012345', '123456789012345'],
    ['12345.6789012345', '12345.6789012345'],
    ['1000000000000000', '1000000000000000'],
    ['"1"', '1'],
    ['"1.0"', '1'],
    ['"0.10"', '0.1'],
    ['"0"', '0'],
    ['"9007199254740993"', '9007199254740993'],
    ['"0.123456789012"', '0.123456789012'],
    ['"0.000000000001"', '0.000000000001'],
    ['"99999999999999999999999999.999999999999"', '99999999999999999999999999.999999999999'],
    ['"10000000000000000000000000"', '10000000000000000000000000'],
  ]),
  ...asSent('customerId', [
    '../../',
    '../../etc/passwd',
    "'; drop",
    "'; drop table usage_events; --",
    '" or 1=1',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    '0',
    '-1',
    ' ',
    ' padded ',
    '\u202eright to left\u202c',
    '\u200b',
    '\ufeff',
    'a\nb',
    'a\tb',
    '%00',
    '%',
    '\\',
    '\\u0000',
    '/',
    '?',
    '#',
    '<script>',
    '{{7*7}}',
    '=1+1',
    '$root',
    'é',
    'é',
    '客户',
    'عميل',
    '😀',
    '👩‍👩‍👧',
    '\u{10ffff}',
    long(255),
    long(127, '😀'),
    'user@example.com',
    '\x7f',
    '\x1b[31m',
  ]),
  ...asSent('metric', [
    'a',
    long(100),
    "'; drop",
    '__proto__',
    'API.CALL/v1:x',
    'метрика',
    '😀',
    ' ',
    'null',
  ]),
  ...asSent('metadata', [
    {},
    { a: 1 },
    { constructor: 'acme' },
    { prototype: 1, toString: 'x', hasOwnProperty: true },
    { 'a.b': 1, $gt: 1, 'a[0]': 1 },
    { a: null, b: false, c: '' },
    { number: '007', exponent: '1e3', big: '9007199254740993' },
    { a: { b: { c: 1 } } },
    { a: [1, 'two', null, [3]] },
    { [long(100)]: long(2_048) },
    { k: long(2_048, '€') },
    { k: '\u202e\ufeff\u200b' },
    { z: 1, a: 2, 10: 3, 9: 4 },
    { html: '<img src=x onerror=alert(1)>' },
    { a: -1.5, b: 1e-7, c: 1e20, d: 123456789012345 },
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, index])),
  ]),
  ...eachStored('metadata', [
    ['{"__proto__":{"admin":true}}', JSON.parse('{"__proto__":{"admin":true}}')],
    ['{"\\u0061":"\\u00e9\\ud83d\\ude00"}', { a: 'é😀' }],
    [' { "a" : [ 1 , 2 ] } ', { a: [1, 2] }],
  ]),
  ...eachStored('timestamp', [
    [`"${second}Z"`, `${second}.000Z`],
    [`"${second}.1Z"`, `${second}.100Z`],
    [`"${second}.123Z"`, `${second}.123Z`],
    [`"${second}.123456Z"`, `${second}.123456Z`],
    [`"${second}.000001Z"`, `${second}.000001Z`],
    [`"${second}+00:00"`, `${second}.000Z`],
    [`"${second}-00:00"`, `${second}.000Z`],
    [`"${local(14)}+14:00"`, `${second}.000Z`],
    [`"${local(-12)}-12:00"`, `${second}.000Z`],
    [`"${lately}"`, lately],
    [`"${soon}"`, soon],
  ]),
  ...asSent('sequence', [0, 1, -1, 999_999_999_999_999, -999_999_999_999_999]),
  ...eachStored('sequence', [
    ['1.0', 1],
    ['1e3', 1_000],
    ['-0', 0],
  ]),
  ...asSent('idempotencyKey', [
    'a',
    '!',
    'a b',
    "'; drop",
    '../../',
    '__proto__',
    '{"a":1}',
    long(255),
  ]),
  withLines('a charset', [`${JSON_LINE}; charset=utf-8`]),
  withLines('a charset in capitals', [`${JSON_LINE};charset=UTF-8`]),
  withLines('a charset in quotes', [`${JSON_LINE}; charset="utf-8"`]),
  withLines('a type in capitals', ['Content-Type: Application/JSON']),
  withLines('spaces around the type', ['content-type:   application/json  ']),
  withLines('no encoding, said so', [JSON_LINE, 'content-encoding: identity']),
  withLines('a key of 255', [JSON_LINE, `idempotency-key: ${long(255, 'h')}`], {
    idempotencyKey: long(255, 'h'),
  }),
  withLines('a key with spaces inside', [JSON_LINE, 'Idempotency-Key: order 4711 / 2'], {
    idempotencyKey: 'order 4711 / 2',
  }),
  withLines('a header that nobody knows', [
    JSON_LINE,
    'x-forwarded-for: 1.2.3.4',
    'x-custom: {"a":1}',
  ]),
  {
    ...tracked('spaces around the event', `\n\t ${withFields({})} \r\n`),
    stored: { name: 'API_CALL' },
  },
  {
    ...tracked('a megabyte, most of it spaces', withFields({}).padEnd(1024 * 1024, ' ')),
    stored: { amount: '1' },
  },
]
