// Makes of a package of ours what npm publishes: one file for `import` and one for `require`, each with
// types of its own, since a type that is read as the other kind of module is a wrong type.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
/** Of all that is compiled: the sources of a package bring those of pure packages along. */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const KINDS = [
  { format: 'cjs', extension: 'cjs' },
  { format: 'esm', extension: 'mjs' },
] as const

type Kind = (typeof KINDS)[number]

/** Builds `src/index.ts` of the package at `folder` into the folder `out`. */
export async function buildPackage(folder: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true })
  const types = declarationsOf(folder)
  for (const { extension } of KINDS) writeTypes(types, out, extension)
  for (const kind of KINDS) await bundle(folder, out, kind) // `index.mjs` last: it says that all is built
}

async function bundle(folder: string, out: string, { format, extension }: Kind): Promise<void> {
  await build({
    entryPoints: [path.join(folder, 'src', 'index.ts')],
    outfile: path.join(out, `index.${extension}`),
    bundle: true,
    platform: 'neutral',
    external: dependenciesOf(folder),
    target: 'es2022',
    format,
    logLevel: 'warning',
  })
}

/** What npm brings along with the package. All else is ours, and goes into the bundle. */
function dependenciesOf(folder: string): string[] {
  const told = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return Object.keys({ ...told.dependencies, ...told.peerDependencies })
}

/** The text of every declaration that the public face leads to, by module, like `index` or `agent/agent`. */
function declarationsOf(folder: string): ReadonlyMap<string, string> {
  const emitted = mkdtempSync(path.join(os.tmpdir(), 'usageflow-types-'))
  try {
    const project = path.join(folder, 'tsconfig.build.json')
    const args = [tsc, '-p', project, '--outDir', emitted]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout)
    const sources = path.join(emitted, path.relative(ROOT, folder), 'src')
    const found = new Map<string, string>()
    const follow = (name: string): void => {
      if (found.has(name)) return
      const text = readFileSync(path.join(sources, `${name}.d.ts`), 'utf8')
      found.set(name, text)
      for (const [, , target = ''] of text.matchAll(IMPORT))
        follow(path.posix.join(path.posix.dirname(name), target))
    }
    follow('index')
    return found
  } finally {
    rmSync(emitted, { recursive: true })
  }
}

const IMPORT = /(from |import\()'(\.{1,2}\/[\w/-]+)\.ts'/g

function writeTypes(
  types: ReadonlyMap<string, string>,
  out: string,
  extension: Kind['extension'],
): void {
  for (const [name, text] of types) {
    const file = path.join(out, `${name}.d.${extension.replace('js', 'ts')}`)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text.replace(IMPORT, `$1'$2.${extension}'`))
  }
}
