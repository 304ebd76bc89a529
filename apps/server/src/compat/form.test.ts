import { describe, expect, test } from 'vitest'
import { readForm } from './form.ts'

const read = (text: string) => [...readForm(Buffer.from(text, 'latin1'))]

describe('a form', () => {
  test('says what it says, once decoded', () => {
    expect(read('')).toEqual([])
    expect(read('a=1&payload[b%20c]=x+y%2B&d=%C3%A9&e=&f=g=h')).toEqual([
      ['a', '1'],
      ['payload[b c]', 'x y+'],
      ['d', 'é'],
      ['e', ''],
      ['f', 'g=h'],
    ])
  })

  test.each([
    ['a parameter twice', 'a=1&a=2'],
    ['a parameter twice in other letters', 'a=1&%61=2'],
    ['no parameter', '{"a":1}'],
    ['no name', '=1'],
    ['a NUL', 'a=%00'],
    ['what is not UTF-8', 'a=%E9'],
    ['half of a pair', 'a=%ED%A0%80'],
    ['a broken escape', 'a=%4'],
    ['bytes that a form encodes', 'a=\u00e9'],
    ['too much', Array.from({ length: 201 }, (_, at) => `a${at}=1`).join('&')],
  ])('with %s is refused, for it could be stored as something else', (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'usage.malformed' }))
  })
})
