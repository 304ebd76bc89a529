import { readFileSync } from 'node:fs'

/** The text of a file; undefined when there is none. */
export function readIfThere(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8')
  } catch {
    return undefined
  }
}
