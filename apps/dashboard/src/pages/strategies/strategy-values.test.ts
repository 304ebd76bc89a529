import { describe, expect, test } from 'vitest'
import {
  controlKeyFromName,
  sourceWords,
  strategyBody,
  strategyProblems,
} from './strategy-values.ts'

const SOURCES = [
  { from: 'header', name: ' x-user-id ' },
  { from: 'claim', name: 'sub' },
] as const

describe('a strategy', () => {
  test('is sent without the blanks around what was typed', () => {
    expect(strategyBody({ name: ' By user ', key: 'x', sources: SOURCES })).toEqual({
      name: 'By user',
      sources: [
        { from: 'header', name: 'x-user-id' },
        { from: 'claim', name: 'sub' },
      ],
    })
  })

  test('is told by its sources in their order', () => {
    const [header, claim] = SOURCES
    expect(sourceWords([claim, { ...header, name: 'x' }])).toBe('claim sub, then header x')
  })

  test('says at its fields what is missing', () => {
    const sources = [SOURCES[0], { from: 'path', name: ' ' }] as const
    expect(Object.keys(strategyProblems({ name: '', key: '', sources }))).toEqual([
      ...['name', 'key', 'sources.1.name'],
    ])
    expect(strategyProblems({ name: 'a', key: 'a', sources: [] })).toHaveProperty('sources')
    expect(strategyProblems({ name: 'a', key: 'a', sources: SOURCES })).toEqual({})
  })
})

test.each([
  ['By user', 'by-user'],
  [' Zahlungen (neu) ', 'zahlungen-neu'],
  ['…', ''],
])('the name %j suggests the key %j', (name, key) => {
  expect(controlKeyFromName(name)).toBe(key)
})
