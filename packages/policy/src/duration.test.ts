import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DURATION_MS_MAX, formatDuration, parseDuration } from './index.ts'

const wholeSeconds = fc.integer({ min: 1, max: DURATION_MS_MAX / 1_000 }).map((s) => s * 1_000)

describe('a duration', () => {
  test('comes back from its text, whatever its length', () => {
    fc.assert(
      fc.property(wholeSeconds, (durationMs) => {
        expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)
      }),
    )
  })

  test('is written in the largest unit that divides it, so that a window has one text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 }), fc.constantFrom('s', 'm', 'h', 'd'), (n, u) => {
        const text = formatDuration(parseDuration(`${n}${u}`))
        expect(text.length).toBeLessThanOrEqual(`${n}${u}`.length)
      }),
    )
    expect(formatDuration(86_400_000)).toBe('1d')
    expect(formatDuration(90_000)).toBe('90s')
  })

  test.each([0, -1_000, 1_500, 0.5, Number.NaN, Infinity, DURATION_MS_MAX + 1_000])(
    'of %s ms has no text',
    (durationMs) => {
      expect(() => formatDuration(durationMs)).toThrow(RangeError)
    },
  )
})

test('every other text is refused with a sentence that shows a right one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^[1-9]\d*[smhd]$/.test(text))
      expect(() => parseDuration(text)).toThrow(/no duration.*"15m"/)
    }),
  )
})

test('what is no text is refused as well, since the option comes from untyped programs', () => {
  for (const value of [60, null, undefined, ['1h'], {}])
    expect(() => parseDuration(value as string)).toThrow(RangeError)
})
