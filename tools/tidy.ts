import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { badFiles, badReadmes } from './tidy/file-rules.ts'
import { unrankedFolders, wrongImports } from './tidy/import-rules.ts'
import { type Complaint, readSources } from './tidy/source.ts'
import { sharedTables, untenantedQueries } from './tidy/sql-rules.ts'
import { misplacedText } from './tidy/text-rules.ts'

/**
 * The rules of this repository that no linter knows, checked by looking at the text. Returns every
 * broken rule as `file:line reason`.
 *
 * Text matching is coarse on purpose: everyone can read and extend it. Where it is wrong about a line,
 * some rules accept an excuse with a reason beside the line: `// tidy: not money — an exponent`.
 */
export function tidy(root: string): string[] {
  const sources = readSources(root)
  const complaints = [
    ...sources.flatMap(misplacedText),
    ...sources.flatMap(wrongImports),
    ...sources.flatMap(untenantedQueries),
    ...sources.flatMap(badFiles),
    ...unrankedFolders(sources),
    ...sharedTables(sources),
    ...badReadmes(sources),
  ]
  return complaints.sort(byPlace).map(({ file, line, reason }) => `${file}:${line} ${reason}`)
}

function byPlace(a: Complaint, b: Complaint): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = tidy(path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..')))
  for (const complaint of complaints) console.log(complaint)
  console.log(complaints.length === 0 ? 'tidy' : `${complaints.length} broken rules`)
  process.exitCode = complaints.length === 0 ? 0 : 1
}
