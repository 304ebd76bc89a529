import { expect, test } from 'vitest'
import { changed } from './defects.ts'

const change = { file: 'x.ts', find: 'await commit()', replace: 'void commit()' }

test('a defect changes the one place it names, to the letter', () => {
  expect(changed('a\nawait commit()\n$&', change)).toBe('a\nvoid commit()\n$&')
})

test.each([
  ['is not there', 'await commitAll()'],
  ['is there twice', 'await commit(); await commit()'],
])('a defect whose text %s is refused, since it would prove nothing', (_how, text) => {
  expect(() => changed(text, change)).toThrow(/x\.ts.*times, not once/)
})
