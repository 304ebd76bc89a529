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

type PackageJson = {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: object
  readonly peerDependencies?: object
}

/** Builds what the package at `folder` exports, `src/index.ts` and others beside it, into the folder `out`. */
export async function buildPackage(folder: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true })
  const told = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageJson
  const faces = facesOf(told)
  const types = declarationsOf(folder, faces)
  for (const { extension } of KINDS) writeTypes(types, out, extension)
  for (const kind of KINDS)
    for (const face of faces)
      await bundle({
        folder,
        face,
        kind,
        out: path.join(out, `${face}.${kind.extension}`),
        external: dependenciesOf(told),
      })
}

/** Of `exports`, by the names of their files; `index` last, since `index.mjs` says that all is built. */
function facesOf({ exports }: PackageJson): string[] {
  const others = Object.keys(exports).flatMap((key) => /^\.\/(\w+)$/.exec(key)?.[1] ?? [])
  return [...others, 'index']
}

type Bundle = {
  readonly folder: string
  readonly face: string
  readonly kind: Kind
  readonly out: string
  readonly external: string[]
}

async function bundle({ folder, face, kind, out, external }: Bundle): Promise<void> {
  await build({
    entryPoints: [path.join(folder, 'src', `${face}.ts`)],
    outfile: out,
    bundle: true,
    platform: 'neutral',
    external,
    target: 'es2022',
    format: kind.format,
    // Literals that are spread into others become one: left as they stand, they are half of what a request costs.
    minifySyntax: true,
    logLevel: 'warning',
  })
}

/** The package by its own name, and what npm brings along with it. All else is ours, and goes into the bundle. */
function dependenciesOf(told: PackageJson): string[] {
  return [told.name, ...Object.keys({ ...told.dependencies, ...told.peerDependencies })]
}

/** The text of every declaration that the public face leads to, by module, like `index` or `agent/agent`. */
function declarationsOf(folder: string, faces: readonly string[]): ReadonlyMap<string, string> {
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
    for (const face of faces) follow(face)
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
