import { type Complaint, excuses, featureOf, isProduct, type Source } from './source.ts'

const SQL_WRITE =
  /\b(?:insert\s+into|merge\s+into|delete\s+from|truncate(?:\s+table)?|(?<!for |do |key )update(?=\s+\w+(?:\s+(?:as\s+)?\w+)?\s+set\b)|copy(?=\s+\w+\s*(?:\([^)]*\)\s*)?from\b))\s+(?:only\s+)?(\w+)/g
const KYSELY_WRITE = /\.(?:insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(\s*['"`](\w+)/g

/** A statement of SQL that names a table, or the start of one in Kysely. */
const QUERY =
  /[`'"]\s*(?:with|select|insert|update|delete|copy|merge|truncate)\b[^`]*\b(?:from|into|update|join|copy|truncate)\s+\w|\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(/

const TENANT = /\benv(?:_id|Id)s?\b/
const ALL_TENANTS = 'all environments'
const DECLARATION =
  /^(?:export |declare )*(?:async )?(?:function|const|let|class|type|interface|import)\b/

/** Tables that more than one feature writes. A table has one owner; the others ask the owner. */
export function sharedTables(sources: readonly Source[]): Complaint[] {
  const writers = new Map<string, Map<string, Complaint>>()
  for (const source of sources.filter(({ file }) => isProduct(file))) {
    for (const { table, line } of writesIn(source)) {
      const places = writers.get(table) ?? new Map<string, Complaint>()
      const owner = ownerOf(source.file)
      const place = { file: source.file, line, reason: `${table} is written by ${owner}` }
      writers.set(table, places.has(owner) ? places : places.set(owner, place))
    }
  }
  return [...writers].flatMap(([table, places]) => {
    const owners = [...places.keys()].sort().join(' and ')
    const reason = `${table} is written by ${owners}: a table has one writer`
    return places.size > 1 ? [...places.values()].map((place) => ({ ...place, reason })) : []
  })
}

/** Queries of features that name no environment, and so could show one tenant the rows of another. */
export function untenantedQueries(source: Source): Complaint[] {
  const feature = featureOf(source.file)
  if (!source.file.endsWith('.store.ts') || feature === undefined || feature === 'platform')
    return []
  return declarations(source)
    .filter(({ code }) => QUERY.test(code) && !TENANT.test(code))
    .filter(({ lines }) => !lines.some((line) => excuses(line, ALL_TENANTS)))
    .map(({ line }) => ({
      file: source.file,
      line,
      reason: 'the query names no env_id: every query names its tenant',
    }))
}

/** Each sub-folder of the platform has tables of its own, as if it were a feature. */
function ownerOf(file: string): string {
  const part = /^apps\/server\/src\/(platform\/[^/]+|[^/]+)/.exec(file)?.[1]
  return part ?? file
}

function writesIn(source: Source): { table: string; line: number }[] {
  const text = source.code.join('\n')
  return [...text.matchAll(SQL_WRITE), ...text.matchAll(KYSELY_WRITE)].map((match) => ({
    table: match[1] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }))
}

/** The top-level declarations of a file, each with the comment above it. */
function declarations(source: Source): { line: number; code: string; lines: readonly string[] }[] {
  const starts = source.code.flatMap((line, index) => (DECLARATION.test(line) ? [index] : []))
  const firsts = starts.map((start) => commentAbove(source, start))
  return starts.map((start, nth) => {
    const end = firsts[nth + 1] ?? source.lines.length
    return {
      line: start + 1,
      code: source.code.slice(start, end).join('\n'),
      lines: source.lines.slice(firsts[nth], end),
    }
  })
}

/** Where the comment begins that stands directly above the line at `index`. */
function commentAbove(source: Source, index: number): number {
  let first = index
  while (isComment(source, first - 1)) first -= 1
  return first
}

function isComment(source: Source, index: number): boolean {
  return source.code[index] === '' && source.lines[index]?.trim() !== ''
}
