import { expect, test } from 'vitest'
import { sharedBuffersMb } from './server-settings.ts'

const GB = 1024 ** 3

test.each([
  ['a small virtual machine', 1, 128],
  ['a laptop', 8, 512],
  ['a server', 64, 1_024],
])('gives PostgreSQL its part of the memory of %s', (_machine, memoryGb, sharedMb) => {
  expect(sharedBuffersMb(memoryGb * GB)).toBe(sharedMb)
})
