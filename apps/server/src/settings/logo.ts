import { crc32 } from 'node:zlib'

// Whoever draws an image trusts what it says of itself: a crafted one can keep a decoder busy for a minute.
// So an image is read once, when it is saved, as far as its structure goes.

const BYTES_MAX = 256 * 1024
const PIXELS_MAX = 2_000 // of either side: 16 MB once it is decoded

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG = Buffer.from([0xff, 0xd8, 0xff])

export type ImageType = 'image/png' | 'image/jpeg'

/** What an image is by its first bytes; null: neither a PNG nor a JPEG. */
export function imageType(bytes: Buffer): ImageType | null {
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'image/png'
  return bytes.subarray(0, JPEG.length).equals(JPEG) ? 'image/jpeg' : null
}

/** An image as an address of the kind `data:`; null: there is none, or it is no image. */
export function imageAddress(bytes: Buffer | null): string | null {
  const type = bytes && imageType(bytes)
  return bytes && type ? `data:${type};base64,${bytes.toString('base64')}` : null
}

/** Why an image cannot be a logo; null: it can. */
export function logoProblem(bytes: Buffer): string | null {
  if (bytes.length > BYTES_MAX) return 'it has more than 256 KB'
  const type = imageType(bytes)
  if (type === null) return 'it is neither a PNG nor a JPEG'
  const size = type === 'image/png' ? pngSize(bytes) : jpegSize(bytes)
  if (size === null) return 'it is broken, or was cut off'
  const { width, height } = size
  if (width < 1 || height < 1 || width > PIXELS_MAX || height > PIXELS_MAX)
    return `it is ${width} × ${height} pixels: scale it to at most ${PIXELS_MAX} × ${PIXELS_MAX}`
  return null
}

type Size = { readonly width: number; readonly height: number }

const CHUNK_FRAME = 12 // length, type and checksum

/** The size of a PNG whose chunks follow each other from IHDR to IEND, each with its checksum; else null. */
function pngSize(bytes: Buffer): Size | null {
  const header = chunkAt(bytes, PNG.length)
  if (header?.type !== 'IHDR' || header.data.length !== 13) return null
  let chunk: Chunk | null = header
  do chunk = chunkAt(bytes, chunk.end)
  while (chunk && chunk.type !== 'IEND' && chunk.type !== 'IHDR')
  if (chunk?.type !== 'IEND' || chunk.end !== bytes.length) return null
  return { width: header.data.readUInt32BE(0), height: header.data.readUInt32BE(4) }
}

type Chunk = { readonly type: string; readonly data: Buffer; readonly end: number }

/** The chunk that begins at `at`; null when it is not whole. */
function chunkAt(bytes: Buffer, at: number): Chunk | null {
  if (at + CHUNK_FRAME > bytes.length) return null
  const end = at + CHUNK_FRAME + bytes.readUInt32BE(at)
  if (end > bytes.length) return null
  const body = bytes.subarray(at + 4, end - 4)
  if (crc32(body) !== bytes.readUInt32BE(end - 4)) return null
  return { type: body.toString('latin1', 0, 4), data: body.subarray(4), end }
}

const FRAME_HEADERS = new Set([0xc0, 0xc1, 0xc2]) // baseline, extended and progressive

/** The size in the frame header of a JPEG; null where the segments before it do not follow each other. */
function jpegSize(bytes: Buffer): Size | null {
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (FRAME_HEADERS.has(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2) return null
    at += 2 + length
  }
  return null
}
