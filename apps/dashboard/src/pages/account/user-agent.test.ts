import { expect, test } from 'vitest'
import { deviceWords } from './user-agent.ts'

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15'

test.each([
  [`${MAC} Version/17.0 Safari/605.1.15`, 'Safari on macOS'],
  [`${MAC} Chrome/140.0 Safari/537.36`, 'Chrome on macOS'],
  [`${MAC} Chrome/140.0 Safari/537.36 Edg/140.0`, 'Edge on macOS'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['curl/8.5.0', 'curl'],
  ['', 'Unknown device'],
  [null, 'Unknown device'],
])('%s is %s', (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words)
})
