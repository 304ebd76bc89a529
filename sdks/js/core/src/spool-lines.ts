import type { Entry } from './entry-queue.ts'

/** Of text; from `node:zlib`, which not every runtime has. */
export type Checksum = (text: string) => number

/** What a file holds that is not settled yet, and how many of its lines cannot be read. */
export type SpoolContent = { readonly entries: readonly Entry[]; readonly damaged: number }

export function entryLine({ sequence, count, json }: Entry, checksum: Checksum): string {
  return line(`e ${sequence} ${count} ${json}`, checksum)
}

/** Says that the entries up to `sequence` are settled. */
export function settledLine(sequence: number, checksum: Checksum): string {
  return line(`s ${sequence}`, checksum)
}

/** Reads what was written, whatever the end of a process or of the disk left of it. */
export function readLines(text: string, checksum: Checksum): SpoolContent {
  const payloads = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => payloadOf(line, checksum))
  const settled = Math.max(0, ...payloads.map(settledIn))
  const entries = payloads.flatMap((payload) => entryIn(payload) ?? [])
  return {
    entries: entries.filter(({ sequence }) => sequence > settled),
    damaged: payloads.filter((payload) => payload === null).length,
  }
}

function line(payload: string, checksum: Checksum): string {
  return `${checksumText(payload, checksum)} ${payload}\n`
}

function checksumText(payload: string, checksum: Checksum): string {
  return checksum(payload).toString(16).padStart(8, '0')
}

function payloadOf(line: string, checksum: Checksum): string | null {
  const payload = line.slice(9)
  return line.slice(0, 9) === `${checksumText(payload, checksum)} ` ? payload : null
}

function settledIn(payload: string | null): number {
  return payload?.startsWith('s ') ? Number(payload.slice(2)) : 0
}

function entryIn(payload: string | null): Entry | null {
  const [, sequence, count, json] = /^e (\d+) (\d+) (.*)$/.exec(payload ?? '') ?? []
  if (sequence === undefined || json === undefined) return null
  return { sequence: Number(sequence), count: Number(count), json }
}
