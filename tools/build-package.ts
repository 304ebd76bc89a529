// Makes of a package of ours what npm publishes: one file for `import` and one for `require`, each with
// types of its own, since a type that is read as the other kind of module is a wrong type.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
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
    packages: 'external',
    target: 'es2022',
    format,
    logLevel: 'warning',
  })
}

/** The text of every declaration that the public face leads to, by module, like `index` or `config`. */
function declarationsOf(folder: string): ReadonlyMap<string, string> {
  const emitted = mkdtempSync(path.join(os.tmpdir(), 'usageflow-types-'))
  try {
    const project = path.join(folder, 'tsconfig.build.json')
    const args = [tsc, '-p', project, '--outDir', emitted]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout)
    const found = new Map<string, string>()
    const follow = (name: string): void => {
      if (found.has(name)) return
      const text = readFileSync(path.join(emitted, `${name}.d.ts`), 'utf8')
      found.set(name, text)
      for (const [, , target = ''] of text.matchAll(IMPORT)) follow(target)
    }
    follow('index')
    return found
  } finally {
    rmSync(emitted, { recursive: true })
  }
}

const IMPORT = /(from |import\()'\.\/([\w-]+)\.ts'/g

function writeTypes(
  types: ReadonlyMap<string, string>,
  out: string,
  extension: Kind['extension'],
): void {
  for (const [name, text] of types) {
    const file = path.join(out, `${name}.d.${extension.replace('js', 'ts')}`)
    writeFileSync(file, text.replace(IMPORT, `$1'./$2.${extension}'`))
  }
}
