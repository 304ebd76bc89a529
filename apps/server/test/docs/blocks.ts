import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const GUIDE = path.join(import.meta.dirname, '../../../../docs/guide')

/** A code block of a page; `place` is `page#number`, counted from 1. */
export type Block = {
  readonly page: string
  readonly place: string
  readonly language: string
  readonly text: string
}

/** All code blocks of the guide, page by page, as they stand there. */
export function readBlocks(): Block[] {
  const files = readdirSync(GUIDE).filter((file) => file.endsWith('.md'))
  return files.sort().flatMap((file) => {
    const page = path.basename(file, '.md')
    const text = readFileSync(path.join(GUIDE, file), 'utf8')
    return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
      ([, language = '', text = ''], index) => ({
        ...{ page, place: `${page}#${index + 1}`, language, text },
      }),
    )
  })
}

/** A request that stands in a block, once for each body that follows it. */
export type WrittenCall = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const REQUEST = /^(GET|POST|PUT|PATCH|DELETE) +(\S+) *(.*)$/
const HEADER = /^([A-Za-z-]+): (.*)$/

/** The requests of a block: a line with method and path, then headers, then bodies, all but the first line optional. */
export function callsIn(text: string): WrittenCall[] {
  const calls: { method: string; path: string; headers: Record<string, string>; rest: string }[] =
    []
  for (const line of text.split('\n')) {
    const [, method, path, rest = ''] = REQUEST.exec(line) ?? []
    const last = calls.at(-1)
    const [, name, value] = HEADER.exec(line) ?? []
    if (method && path) calls.push({ method, path, headers: {}, rest })
    else if (last && name && value) last.headers[name] = value
    else if (last) last.rest += `\n${line}`
  }
  return calls.flatMap(({ rest, ...call }) => {
    const bodies = valuesIn(rest)
    return bodies.length === 0
      ? [{ ...call, body: undefined }]
      : bodies.map((body) => ({ ...call, body }))
  })
}

/** The JSON values that stand one after the other in a text. Throws for what is none. */
export function valuesIn(text: string): unknown[] {
  const values: unknown[] = []
  let start = 0
  for (let at = 1; at <= text.length; at += 1) {
    const part = text.slice(start, at).trim()
    if (part === '' || !/[}\]]$/.test(part)) continue
    const value = parsed(part)
    if (value === undefined) continue
    values.push(value)
    start = at
  }
  const rest = text.slice(start).trim()
  if (rest !== '') throw new Error(`is no JSON: ${rest}`)
  return values
}

/** What was left out is written as an ellipsis. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll('{ … }', '{}'))
  } catch {
    return undefined
  }
}
