import path from 'node:path'
import { type Complaint, featureOf, isCode, RANKS, type Source } from './source.ts'

const FILE_LINES_MAX = 400
const README_LINES_MAX = 40

/** Names that say nothing of what is inside, so that anything ends up there. */
const DRAWERS = new Set(['utils', 'util', 'common', 'shared', 'types', 'helpers', 'helper', 'misc'])

/** Files that are too long, or whose name or folder is a drawer for anything. */
export function badFiles(source: Source): Complaint[] {
  if (!isCode(source.file)) return []
  const at = (reason: string): Complaint => ({ file: source.file, line: 1, reason })
  const complaints: Complaint[] = []
  if (lineCount(source) > FILE_LINES_MAX)
    complaints.push(at(`is longer than ${FILE_LINES_MAX} lines: it does more than one thing`))
  const drawer = source.file.split('/').find((part) => DRAWERS.has(part.replace(/\..*$/, '')))
  if (drawer) complaints.push(at(`${drawer} is a drawer for anything: name the thing`))
  if (isHiddenIndex(source.file))
    complaints.push(at('index.ts is the public face of a package and nothing else'))
  return complaints
}

/** Features without a README, or with one that nobody reads to its end. */
export function badReadmes(sources: readonly Source[]): Complaint[] {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const features = new Set(sources.map(({ file }) => featureOf(file) ?? ''))
  return [...features]
    .filter((feature) => feature !== 'platform' && RANKS[feature] !== undefined)
    .flatMap((feature) => {
      const file = `apps/server/src/${feature}/README.md`
      const readme = byFile.get(file)
      if (!readme) return [{ file, line: 1, reason: 'is missing: a feature says what it owns' }]
      if (lineCount(readme) <= README_LINES_MAX) return []
      return [{ file, line: 1, reason: `is longer than ${README_LINES_MAX} lines` }]
    })
}

/** A line break at the end begins no line. */
function lineCount(source: Source): number {
  return source.lines.at(-1) === '' ? source.lines.length - 1 : source.lines.length
}

function isHiddenIndex(file: string): boolean {
  return (
    path.posix.basename(file) === 'index.ts' &&
    !/^(packages|sdks\/js)\/[^/]+\/src\/index\.ts$/.test(file)
  )
}
