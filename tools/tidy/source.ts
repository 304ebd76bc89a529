import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ranks from '../ranks.json' with { type: 'json' }

/** A text file of the repository as the rules see it. */
export type Source = {
  /** From the root, with `/`. */
  readonly file: string
  readonly lines: readonly string[]
  /** The same lines with comments blanked, so that prose breaks no rule about code. */
  readonly code: readonly string[]
}

/** A broken rule. `line` counts from 1. */
export type Complaint = { readonly file: string; readonly line: number; readonly reason: string }

/** A folder of `apps/server/src` imports only from folders of a strictly lower rank. */
export const RANKS: Readonly<Record<string, number>> = ranks

const TEXT = /\.(ts|tsx|mjs|cjs|js|json|jsonc|md|sql|sh|yml|yaml|html|css|toml)$|(^|\/)\.ci\/[^.]+$/
const NOT_OURS = /^(node_modules|dist|coverage|\.git|\.usageflow|\.cache|results)$/
const GENERATED = /\.gen\.ts$|^package-lock\.json$|^docs\/reference\//

/** Every file below `root` that people write, in the order of its path. */
export function readSources(root: string): Source[] {
  return filesBelow(root, '')
    .filter((file) => TEXT.test(file) && !GENERATED.test(file))
    .sort()
    .map((file) => {
      const lines = readFileSync(path.join(root, file), 'utf8').split('\n')
      return { file, lines, code: isCode(file) ? withoutComments(lines) : lines }
    })
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile()) return [file]
    return entry.isDirectory() && !NOT_OURS.test(entry.name) ? filesBelow(root, file) : []
  })
}

/** Formatted code starts a block comment on its own line, which spares us a parser. */
function withoutComments(lines: readonly string[]): string[] {
  let inBlock = false
  return lines.map((line) => {
    const text = line.trimStart()
    if (!inBlock && !text.startsWith('/*')) {
      return text.startsWith('//') ? '' : line.replace(/\s\/\/\s.*$/, '')
    }
    inBlock = !text.includes('*/')
    return ''
  })
}

/** TypeScript and JavaScript: what the rules about code look at. */
export function isCode(file: string): boolean {
  return /\.(ts|tsx|mjs|cjs|js)$/.test(file)
}

/** What is shipped, and not only there to prove it. */
export function isProduct(file: string): boolean {
  return isCode(file) && /^(apps|packages|sdks)\//.test(file) && !isTest(file)
}

/** Tests and what only they use. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|(^|\/)(test|corpus)\/|\/(test-[\w-]+|arbitrary)\.ts$|^\.ci\/|^sdks\/hosts\//.test(
    file,
  )
}

/** The folder or, for what stands above all folders, the file of `apps/server/src` that this belongs to. */
export function featureOf(file: string): string | undefined {
  return /^apps\/server\/src\/([^/]+)/.exec(file)?.[1]
}

/** Whether a line is excused from a rule: `// tidy: <rule> — <why>`, beside it or above it. */
export function isExcused(source: Source, index: number, rule: string): boolean {
  return [index, index - 1].some((at) => excuses(source.lines[at] ?? '', rule))
}

/** An excuse without a reason is none. */
export function excuses(line: string, rule: string): boolean {
  const [, excused, why = ''] = /\/\/ tidy: ([^—]+?) — (.+)$/.exec(line) ?? []
  return excused === rule && why.trim() !== ''
}
