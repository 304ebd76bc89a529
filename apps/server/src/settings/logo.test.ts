import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { imageType, logoProblem } from './logo.ts'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

function aPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc((width + 1) * height))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const JPEG = Buffer.from('ffd8ffe000040000ffc0000b080010002001011100ffd9', 'hex')

describe('a logo', () => {
  test('may be a whole PNG or JPEG', () => {
    expect(logoProblem(aPng(2, 3))).toBeNull()
    expect(logoProblem(JPEG)).toBeNull()
    expect(imageType(JPEG)).toBe('image/jpeg')
  })

  test.each([
    ['what is no image', Buffer.from('<svg onload="alert(1)"/>'), 'neither'],
    ['nothing', Buffer.alloc(0), 'neither'],
    ['too many bytes', Buffer.concat([aPng(1, 1), Buffer.alloc(300_000)]), '256 KB'],
    ['too many pixels', aPng(2_001, 1), '2001 × 1 pixels'],
    ['a PNG that was cut off', aPng(9, 9).subarray(0, -5), 'broken'],
    ['a PNG with something behind it', Buffer.concat([aPng(1, 1), Buffer.from('x')]), 'broken'],
    ['a JPEG without a frame', Buffer.from('ffd8ffe0000400000000000000', 'hex'), 'broken'],
    [
      'a JPEG whose segments lead nowhere',
      Buffer.from('ffd8ffe00000ffe00000ffe00000', 'hex'),
      'broken',
    ],
  ])('is not %s', (_what, bytes, why) => {
    expect(logoProblem(bytes)).toContain(why)
  })

  test('is not a PNG with any byte of its structure changed', () => {
    const whole = aPng(4, 4)
    for (let at = 8; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x40
      expect(logoProblem(changed)).not.toBeNull()
    }
  })
})
