import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { parseStrictJson } from './strict-json.ts'

function parse(text: string): unknown {
  return parseStrictJson(Buffer.from(text))
}

/** The code of the failure, or what came out instead. */
function codeOf(bytes: Buffer | string): unknown {
  try {
    return parseStrictJson(Buffer.from(bytes as string))
  } catch (error) {
    return error instanceof Failure ? error.code : error
  }
}

test('reads everything that JSON.parse reads, if it means one thing', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
  const values = [text, fc.integer(), fc.boolean(), fc.constant(null)]
  fc.assert(
    fc.property(fc.anything({ key: text, values, maxDepth: 5 }), fc.boolean(), (value, isWide) => {
      const json = JSON.stringify(value, null, isWide ? 2 : undefined)
      expect(parse(json)).toEqual(JSON.parse(json))
    }),
  )
})

test('never answers with anything but a value or a Failure, whatever the bytes', () => {
  const likely = fc.constantFrom(
    ...'{}[]":,\\u0dD8eE+-.129 \n\0tfn'.split(''),
    '\ufeff',
    '\\u0000',
    '\\ud800',
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
    fc.array(likely, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
  )
  fc.assert(
    fc.property(bytes, (input) => {
      try {
        parseStrictJson(input)
      } catch (error) {
        expect(error).toBeInstanceOf(Failure)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('finds a repeated key at any place, however it is written', () => {
  expect(codeOf('{"a":1,"a":1}')).toBe('json.repeated_key')
  expect(codeOf('[{"b":{"a":1,"c":[1,2],"\\u0061":2}}]')).toBe('json.repeated_key')
  expect(codeOf('{"__proto__":1,"__proto__":2}')).toBe('json.repeated_key')
  expect(codeOf('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}')).toEqual({
    a: { a: { a: 1 } },
    b: [{ a: 1 }, { a: 2 }],
  })
  expect(() => parse('{"x":1,"amount":1,"y":":","amount":5}')).toThrow(
    '"amount" stands there twice',
  )
})

test('keeps keys that name parts of every object as ordinary keys', () => {
  const value = parse('{"__proto__":{"admin":true},"constructor":"acme","toString":1}')
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'toString'])
  expect((value as { admin?: boolean }).admin).toBeUndefined()
  expect(JSON.stringify(value)).toBe(
    '{"__proto__":{"admin":true},"constructor":"acme","toString":1}',
  )
})

describe('numbers', () => {
  test.each([
    '0',
    '-0',
    '1',
    '0.1',
    '1e-7',
    '1E+5',
    '123456789012345',
    '999999999999999',
    '0.123456789012345',
    '-1.5',
    '1.50000000000000000000',
    '100000000000000000000',
    '1e300',
    '2.3e-308',
    '0e99999',
    '0.0',
  ])('reads %s, which a double holds', (text) => {
    expect(codeOf(`{"n":${text}}`)).toEqual({ n: Number(text) })
  })

  test.each([
    '1234567890123456',
    '9007199254740993',
    '12345678901234567890',
    '0.1234567890123456789',
    '1e400',
    '-1e400',
    '1e-400',
    '1e-320',
    '1e99999999999',
    `1.${'0'.repeat(100)}1`,
    '1234567890.1234567',
    '123456789012345.6e3',
  ])('refuses %s, which a double would change', (text) => {
    expect(codeOf(`[${text}]`)).toBe('json.number')
    expect(codeOf(text)).toBe('json.number')
  })

  test('refuses a million digits at once', () => {
    expect(codeOf(`[${'1'.repeat(1_000_000)}]`)).toBe('json.number')
    expect(codeOf(`[1.${'0'.repeat(1_000_000)}]`)).toBe('json.number')
  })

  test('compares every accepted number with its decimal text', () => {
    const digits = fc.bigInt({ min: 0n, max: 999_999_999_999_999n })
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 14 }), (whole, places) => {
        const text = whole.toString().padStart(places + 1, '0')
        const number = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
        const shortest = parse(number) as number
        expect(Number(number)).toBe(shortest)
        expect(shortest.toPrecision(15)).toBe(Number(number).toPrecision(15))
      }),
    )
  })

  test.each([
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '--1',
    '0x10',
    'NaN',
    'Infinity',
    '-',
    '1,',
    '1 2',
    '1-2',
  ])('refuses %s, which is not a JSON number', (text) =>
    expect(codeOf(`[${text}]`)).toBe('json.syntax'),
  )
})

describe('text', () => {
  test.each([
    ['an escaped NUL', '"a\\u0000b"', 'json.nul'],
    ['an escaped NUL in a key', '{"a\\u0000":1}', 'json.nul'],
    ['a bare NUL', '"a\0b"', 'json.syntax'],
    ['a high surrogate alone', '"\\ud83d"', 'json.surrogate'],
    ['a high surrogate before text', '"\\uD83Dx"', 'json.surrogate'],
    ['a high surrogate before another escape', '"\\ud83d\\n"', 'json.surrogate'],
    ['a high surrogate before a whole character', '"\\ud83d😀"', 'json.surrogate'],
    ['two high surrogates', '"\\ud83d\\ud83d"', 'json.surrogate'],
    ['a low surrogate alone', '"\\ude00"', 'json.surrogate'],
    ['a low surrogate in a key', '{"\\udc00":1}', 'json.surrogate'],
    ['a bare line break', '"a\nb"', 'json.syntax'],
    ['an unknown escape', '"\\x41"', 'json.syntax'],
    ['a broken escape', '"\\u12g4"', 'json.syntax'],
    ['an escape cut off', '"\\u00', 'json.syntax'],
  ])('refuses %s', (_what, json, code) => {
    expect(codeOf(json)).toBe(code)
  })

  test.each([
    ['a surrogate pair, escaped', '"\\ud83d\\ude00"', '😀'],
    ['an escaped backslash before u0000', '"\\\\u0000"', '\\u0000'],
    ['an escaped quote', '"a\\"b:{["', 'a"b:{['],
    ['raw characters beyond the BMP', '"😀é\u202e"', '😀é\u202e'],
  ])('reads %s', (_what, json, value) => {
    expect(parse(json)).toBe(value)
  })
})

describe('bytes', () => {
  test.each([
    ['a lone continuation byte', Buffer.from([0x22, 0x80, 0x22]), 'json.encoding'],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'json.encoding'],
    ['a surrogate as UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'json.encoding'],
    ['beyond U+10FFFF', Buffer.from([0x22, 0xf5, 0x80, 0x80, 0x80, 0x22]), 'json.encoding'],
    ['a character cut off', Buffer.from([0x22, 0xe2, 0x82]), 'json.encoding'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'json.byte_order_mark'],
    ['UTF-16, big end first', Buffer.from([0xfe, 0xff, 0, 0x7b, 0, 0x7d]), 'json.byte_order_mark'],
    ['UTF-16, little end first', Buffer.from('\ufeff{}', 'utf16le'), 'json.byte_order_mark'],
    ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le'), 'json.syntax'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'json.syntax'],
    ['a no-break space between tokens', Buffer.from('{\u00a0}'), 'json.syntax'],
    ['nothing', Buffer.alloc(0), 'json.empty'],
    ['only spaces', Buffer.from(' \n\t '), 'json.empty'],
    ['two values', Buffer.from('{}{}'), 'json.syntax'],
    ['a comment', Buffer.from('{/**/}'), 'json.syntax'],
    ['a trailing comma', Buffer.from('[1,]'), 'json.syntax'],
  ])('refuses %s', (_what, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test('refuses every cut of a body', () => {
    const whole = '{"name":"API\\u00e4_CALL","amount":12.5,"metadata":{"é":[1,true]}}'
    for (let length = 0; length < Buffer.byteLength(whole); length++)
      expect(codeOf(Buffer.from(whole).subarray(0, length)), `${length} bytes`).toMatch(/^json\./)
  })
})

test('stops at depth 17, also in a megabyte of brackets', () => {
  expect(codeOf('['.repeat(16) + ']'.repeat(16))).toBeInstanceOf(Array)
  expect(codeOf('['.repeat(17) + ']'.repeat(17))).toBe('json.depth')
  expect(codeOf(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)).toBe('json.depth')
  expect(codeOf('['.repeat(1_000_000))).toBe('json.depth')
  expect(codeOf(`"${'['.repeat(1_000)}"`)).toBe('['.repeat(1_000))
})
