import path from 'node:path'
import { type Complaint, featureOf, isCode, isTest, RANKS, type Source } from './source.ts'

/** `app.ts`, `pipeline.ts`, `main.ts`, `config.ts` and the command line stand above all features. */
const TOP = /\.ts$|^cli$/
const TOP_RANK = 100

/** What a pure package may import besides other packages of ours. */
const PURE = /^(@usageflow\/|temporal-polyfill$)/

/** Imports that point down the pipeline, reach into another feature's store, or make a package impure. */
export function wrongImports(source: Source): Complaint[] {
  if (!isCode(source.file)) return []
  return source.code.flatMap((line, index) =>
    targetsIn(line).flatMap((target) =>
      complaintsAbout(source.file, target).map((reason) => ({
        file: source.file,
        line: index + 1,
        reason,
      })),
    ),
  )
}

/** Folders of the server that nobody has ranked, so that nothing would hold for them. */
export function unrankedFolders(sources: readonly Source[]): Complaint[] {
  const unranked = new Map<string, string>()
  for (const { file } of sources) {
    const feature = featureOf(file)
    if (feature !== undefined && rankOf(feature) === undefined && !unranked.has(feature))
      unranked.set(feature, file)
  }
  return [...unranked].map(([feature, file]) => ({
    file,
    line: 1,
    reason: `${feature} has no rank: give it one in tools/ranks.json`,
  }))
}

function targetsIn(line: string): string[] {
  const imports = line.matchAll(/(?:\bfrom |\bimport |\bimport\()['"]([^'"]+)['"]/g)
  return [...imports].map(([, target = '']) => target)
}

function complaintsAbout(file: string, target: string): string[] {
  if (file.startsWith('packages/')) return impureImport(file, target)
  if (!target.startsWith('.')) return []
  return featureImport(file, path.posix.join(path.posix.dirname(file), target))
}

function impureImport(file: string, target: string): string[] {
  if (isTest(file) || target.startsWith('.') || PURE.test(target)) return []
  return [`packages are pure and run anywhere: they must not import ${target}`]
}

function featureImport(file: string, target: string): string[] {
  const from = featureOf(file)
  const to = featureOf(target)
  if (from === undefined || to === undefined || from === to) return []
  if (isTest(file) && isTest(target)) return [] // tests build what they need through the tests' own builders
  const fromRank = rankOf(from)
  const toRank = rankOf(to)
  if (fromRank === undefined || toRank === undefined) return []
  const reasons: string[] = []
  if (toRank >= fromRank && fromRank < TOP_RANK)
    reasons.push(
      `${from} (${fromRank}) must not import ${to} (${toRank}): imports point up the pipeline`,
    )
  if (target.endsWith('.store.ts') && to !== 'platform')
    reasons.push(`the store of ${to} is its own: import a function of the feature`)
  return reasons
}

function rankOf(feature: string): number | undefined {
  return TOP.test(feature) ? TOP_RANK : RANKS[feature]
}
