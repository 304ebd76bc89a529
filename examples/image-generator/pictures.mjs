// What was made, in files. In your service: a bucket, and a table of what is in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = path.resolve(process.env.PICTURES_FOLDER ?? 'pictures')

/** Of one customer. An id is letters, digits, `-` and `_`. */
export function picturesOf(customerId) {
  const folder = path.join(FOLDER, customerId)
  const file = (quality, id) => path.join(folder, `${quality}.${id}.svg`)
  mkdirSync(folder, { recursive: true })
  return {
    has: (quality, id) => existsSync(file(quality, id)),
    read: (quality, id) => readFileSync(file(quality, id), 'utf8'),
    save: (quality, id, picture) => writeFileSync(file(quality, id), picture),
    count: (quality) => readdirSync(folder).filter((name) => name.startsWith(`${quality}.`)).length,
  }
}
