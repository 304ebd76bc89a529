import { formatDecimal } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import { compileExpression } from './expression.ts'

/** What the expression comes to, or why to nothing. */
function quantity(text: string, fields: Readonly<Record<string, unknown>> = {}, requests = 1) {
  const counted = compileExpression(text).evaluate({ requests, fields })
  if (typeof counted === 'bigint') return formatDecimal(counted)
  return `${counted.why} ${counted.pointer ?? '-'} ${counted.reason}`
}

const TOKENS = '/response/body/usage/total_tokens'
const UNITS = '/request/headers/x-units'

describe('the expressions of the guide', () => {
  test('count requests', () => {
    expect(quantity('usage_record.quantity', {}, 7)).toBe('7')
    expect(compileExpression('usage_record.quantity')).toMatchObject({
      captures: [],
      isSummable: true,
    })
  })

  test.for([
    [100, '200'],
    [0, '0'],
    [0.1, '0.2'],
    [1.5, '3'],
    ['21', '42'],
    [1e-7, '0.0000002'],
    [0.1 + 0.2, '0.6'],
    ['0.30000000000000004', '0.6'],
    ['1.2345678901234567e-7', '0.000000246914'],
    ['1E+3', '2000'],
    ['0012.50', '25'],
    ['4e-13', '0'],
    ['5e-13', '0.000000000002'],
    ['1e-999', '0'],
    ['9007199254740993', '18014398509481986'],
    [900_719_925_474_099, '1801439850948198'],
  ] as const)('double %j tokens to %s, whatever the number is', ([tokens, expected]) => {
    expect(quantity('response.body.usage.total_tokens * 2', { [TOKENS]: tokens })).toBe(expected)
  })

  test('read a header as a number', () => {
    expect(quantity('request.headers["x-units"]', { [UNITS]: '12.5' })).toBe('12.5')
    expect(compileExpression('request.headers["x-units"]').captures).toEqual([UNITS])
  })

  test('do without a field where they ask', () => {
    const text = 'has(response.body.usage.total_tokens) ? response.body.usage.total_tokens : 1'
    expect(quantity(text)).toBe('1')
    expect(quantity(text, { [TOKENS]: 5 })).toBe('5')
  })
})

describe('arithmetic', () => {
  test.for([
    ['0.1 * 3', '0.3'],
    ['0.1 + 0.2', '0.3'],
    ['1.1 * 1.1', '1.21'],
    ['3 / 2', '1.5'],
    ['2 / 3', '0.666666666667'],
    ['-2 * -3', '6'],
    ['7 % 3 + 0.5 % 0.2', '1.1'],
    ['1 + 2 * 3 - 4', '3'],
    ['(1 + 2) * 3', '9'],
    ['double(2) + int(1.9)', '3'],
    ['int(0 - 1.9) + 2', '1'],
    ['min(3, 1.5, 2) + max(1, 4)', '5.5'],
    ['ceil(1001 / 1000) + floor(1.9) + round(2.5)', '6'],
    ['ceil(0 - 1.5) + floor(0 - 1.5) + round(0 - 1.5) + 5', '0'],
    ['99999999999999999999999999', '99999999999999999999999999'],
    ['123456789012345678901.123456789012', '123456789012345678901.123456789012'],
    ['true && !(1 > 2) || false ? 1 : 2', '1'],
    ['1 <= 1 && 2 >= 2 && 1 < 2 && 2 > 1 ? 1 : 0', '1'],
    ['2 in [1, 2] && !("c" in ["a", "b"]) ? 1 : 0', '1'],
    ['"abc".contains("b") && "abc".startsWith("a") && "abc".endsWith("c") ? 1 : 0', '1'],
    ['"x" == "x" && true != false ? 1 : 0', '1'],
  ] as const)('%s is %s', ([text, expected]) => {
    expect(quantity(text)).toBe(expected)
  })

  test.for([
    ['1 - 2', 'comes to less than nothing'],
    ['1 / 0', 'divides by zero'],
    ['1 % (1 - 1)', 'divides by zero'],
    ['99999999999999999999999999 + 1', 'more than 26 digits'],
  ] as const)('%s is refused as soon as it is written', ([text, why]) => {
    expect(() => compileExpression(text)).toThrow(why)
  })

  test('stops a number that would grow with the expression', () => {
    const text = Array.from({ length: 50 }, () => 'response.bytes').join(' * ')
    expect(quantity(text, { '/response/bytes': 900_000_000_000_000 })).toContain('26 digits')
  })

  test('leaves out what is not needed', () => {
    expect(quantity('has(metadata.a) && metadata.a > 1 ? 1 : 2')).toBe('2')
    expect(quantity('!has(metadata.a) || metadata.a > 1 ? 1 : 2')).toBe('1')
  })
})

describe('a field', () => {
  const double = 'response.body.usage.total_tokens * 2'

  test('that is missing is never zero', () => {
    expect(quantity(double)).toMatch(`field_missing ${TOKENS} is missing`)
    expect(quantity('metadata.a == 1 ? 1 : 0')).toMatch('field_missing /metadata/a')
  })

  test.for([
    ['many', 'is no number'],
    ['', 'is no number'],
    [' 5', 'is no number'],
    ['1,5', 'is no number'],
    ['Infinity', 'is no number'],
    ['1e99', 'more than 26 digits'],
    ['-1e999', 'more than 26 digits'],
    ['1e9999', 'is no number'],
    ['0x10', 'is no number'],
    ['NaN', 'is no number'],
    ['9'.repeat(27), 'more than 26 digits'],
    [Number.NaN, 'is no number'],
    [Number.POSITIVE_INFINITY, 'is no number'],
    [true, 'where a number is needed'],
    [null, 'is no text, number or boolean'],
    [{ a: 1 }, 'is no text, number or boolean'],
  ] as const)('with %j is refused where a number is needed', ([value, why]) => {
    const refused = quantity(double, { [TOKENS]: value })
    expect(refused).toMatch(`field_unusable ${TOKENS} `)
    expect(refused).toContain(why)
  })

  test('that makes a quantity negative is refused', () => {
    expect(quantity(double, { [TOKENS]: -1 })).toMatch('quantity_impossible - comes to less')
  })

  test('is compared by its number where there is one', () => {
    const text = 'request.headers["x-units"] == 3 ? 1 : 0'
    expect(quantity(text, { [UNITS]: '3' })).toBe('1')
    expect(quantity(text, { [UNITS]: '3.0' })).toBe('1')
    expect(quantity(text, { [UNITS]: 'three' })).toBe('0')
    expect(quantity('request.headers["x-units"] in [2, 3] ? 1 : 0', { [UNITS]: '3' })).toBe('1')
    expect(quantity('request.method == "POST" ? 2 : 1', { '/request/method': 'POST' })).toBe('2')
  })

  test('is asked for a truth only if it is one', () => {
    expect(quantity('metadata.big ? 2 : 1', { '/metadata/big': true })).toBe('2')
    expect(quantity('metadata.big ? 2 : 1', { '/metadata/big': 'true' })).toMatch('field_unusable')
    expect(quantity('metadata.m.contains("x") ? 2 : 1', { '/metadata/m': 1 })).toMatch('is no text')
  })

  test('is named by a JSON pointer', () => {
    const text = 'response.body.items[0]["a/b~c"] + metadata["__proto__"] + request.params.id'
    expect(compileExpression(text).captures).toEqual([
      '/response/body/items/0/a~1b~0c',
      '/metadata/__proto__',
      '/request/params/id',
    ])
    expect(quantity('metadata.constructor')).toMatch('field_missing')
  })
})

test.for([
  ['usage_record.quantity * 3', true],
  ['0.25 * usage_record.quantity + usage_record.quantity / 4', true],
  ['usage_record.quantity / 3', false],
  ['usage_record.quantity * 0.000001 * 0.0000001', false],
  ['usage_record.quantity + 1', false],
  ['1', false],
  ['usage_record.quantity * usage_record.quantity', false],
  ['usage_record.quantity > 1 ? 2 : 1', false],
  ['min(usage_record.quantity, 5)', false],
  ['usage_record.quantity * response.bytes', false],
] as const)('%s may be summed: %s', ([text, isSummable]) => {
  expect(compileExpression(text).isSummable).toBe(isSummable)
})

test.for([
  ['', 'at character 1: unexpected token: the end'],
  ['1 +', 'at character 4: unexpected token: the end'],
  ['response.body.usage.total_tokens x 2', "at character 34: unexpected character: 'x'"],
  ['1 + req.body.a', 'at character 5 (req.body.a): there is no req here'],
  ['request.headers.x-units', 'at character 19 (units): there is no units here'],
  ['request.header', 'at character 1 (request.header): request has no header; it has method,'],
  ['request', 'request is no value: name a field'],
  ['metadata', 'metadata is no value'],
  ['request.headers', 'request.headers is no value'],
  ['request.headers["X-Units"]', 'write request.headers["x-units"]'],
  ['request.query.a.b', 'one value for each name'],
  ['response.status.code', 'response.status is one value'],
  ['request.headers.authorization', 'authorization is the name of a secret'],
  ['response.body.access_token', 'access_token is the name of a secret'],
  ['response.body[request.query.a]', 'in brackets stands a text in quotes'],
  ['response.body[1.5]', 'or a whole number'],
  ['usage_record', 'write usage_record.quantity'],
  ['has(usage_record.quantity) ? 1 : 0', 'there is no usage_record here'],
  ['has(1) ? 1 : 0', 'a field is read from'],
  ['response.body.id.matches("(a+)+$") ? 1 : 0', 'there is no matches'],
  ['[1].exists(x, x > 1) ? 1 : 0', 'there is no exists'],
  ['size("abc")', 'there is no function size'],
  ['min()', 'min takes one number or more'],
  ['ceil(1, 2)', 'ceil takes one number'],
  ['"abc"', 'this is a text where a number is needed'],
  ['request.method', 'this is a text where a number is needed'],
  ['1 > 2', 'this is true or false where a number is needed'],
  ['"a" + "b"', 'at character 1 ("a"): this is a text where a number is needed'],
  ['1 ? 2 : 3', 'this is a number where true or false is needed'],
  ['1 == "1" ? 1 : 2', 'one side is a number and the other a text'],
  ['true ? 1 : "a"', 'one side is a number and the other a text'],
  ['1 in request.headers ? 1 : 2', 'after `in` stands a list'],
  ['[1, 2]', 'lists, maps and optional fields'],
  ['{"a": 1}', 'lists, maps and optional fields'],
  ['null', 'nothing is null here'],
  ['0x10', 'write a plain number'],
  ['1e3', 'write a plain number'],
  ['3u', 'write a plain number'],
  ['0.1234567890123', 'round it to 12'],
  ['1'.repeat(27), 'more than 26 digits'],
  ['has(response.body.usage) ? response.body.usage.tokens : 0', '/response/body/usage holds'],
] as const)('%s is refused with what to change', ([text, why]) => {
  expect(() => compileExpression(text)).toThrow(RangeError)
  expect(() => compileExpression(text)).toThrow(why)
})

test('what would take too long is refused', () => {
  const many = (count: number, write: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => write(at)).join('+')
  for (const [text, why] of [
    ['1 '.repeat(501), 'it has 1002 characters: 1000 at most'],
    [`${'('.repeat(400)}1${')'.repeat(400)}`, 'it is too deep'],
    [`${'-'.repeat(900)}1`, 'it is too deep'],
    [many(300, () => '1'), 'it is too deep or has too many parts'],
    [many(21, (at) => `metadata.a${at}`), 'it reads 21 fields: 20'],
  ] as const)
    expect(() => compileExpression(text)).toThrow(why)
})
