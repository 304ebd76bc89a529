import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildPackage } from '../../../../tools/build-package.ts'

const JS = path.join(import.meta.dirname, '../..')
export const ROOT = path.join(JS, '../..')
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc')

/** Somebody else's program, with packages of ours as npm would bring them. */
export class Consumer {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-package-'))

  /** Packs and installs the packages of these names; what is beside them comes from our own `node_modules`. */
  async install(names: readonly string[], beside: readonly string[] = []): Promise<void> {
    for (const name of names) await this.#pack(name)
    writeFileSync(path.join(this.#folder, 'package.json'), '{ "private": true }')
    const archives = readdirSync(this.#folder).filter((name) => name.endsWith('.tgz'))
    const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps']
    this.#npm('install', ...quiet, ...archives.map((name) => `./${name}`))
    for (const name of beside) {
      const link = path.join(this.#folder, 'node_modules', name)
      mkdirSync(path.dirname(link), { recursive: true })
      symlinkSync(path.join(ROOT, 'node_modules', name), link)
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** What the program prints. */
  node(file: string, text: string): string {
    this.#write(file, text)
    return execFileSync(process.execPath, [file], {
      ...{ cwd: this.#folder, encoding: 'utf8' },
      stdio: 'pipe', // warnings of Node are no output
    }).trim()
  }

  /** Compiles programs for `import` and for `require`. Throws what the compiler complains of. */
  compile(files: Readonly<Record<string, string>>, options: object): void {
    for (const [file, text] of Object.entries(files)) this.#write(file, text)
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true },
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2022'], ...options },
    }
    const project = { compilerOptions, files: Object.keys(files) }
    this.#write('tsconfig.json', JSON.stringify(project))
    execFileSync(process.execPath, [TSC, '-p', this.#folder], { encoding: 'utf8' })
  }

  /** The names of the files of an installed package. */
  list(name: string): string[] {
    return readdirSync(this.#installed(name)).sort()
  }

  read(name: string, file: string): string {
    return readFileSync(path.join(this.#installed(name), file), 'utf8')
  }

  /** A package as it would be uploaded. */
  archive(name: string): Buffer {
    const file = readdirSync(this.#folder).find((one) => one.startsWith(`usageflow-${name}-`))
    if (file === undefined) throw new Error(`${name} was not packed`)
    return readFileSync(path.join(this.#folder, file))
  }

  #installed(name: string): string {
    return path.join(this.#folder, 'node_modules/@usageflow', name)
  }

  async #pack(name: string): Promise<void> {
    const from = path.join(JS, name)
    const packed = path.join(this.#folder, 'packed', name)
    mkdirSync(packed, { recursive: true })
    for (const file of ['package.json', 'README.md', 'LICENSE'])
      cpSync(path.join(from, file), path.join(packed, file))
    await buildPackage(from, path.join(packed, 'dist'))
    this.#npm('pack', '--ignore-scripts', '--silent', '--pack-destination', this.#folder, packed)
  }

  #write(file: string, text: string): void {
    writeFileSync(path.join(this.#folder, file), text)
  }

  #npm(...args: string[]): void {
    // npm's own program, if npm started us: on some systems `npm` on the path is another one.
    const { npm_execpath: program } = process.env
    const [command, first] = program?.endsWith('npm-cli.js')
      ? [process.execPath, [program]]
      : ['npm', []]
    execFileSync(command, [...first, ...args], { cwd: this.#folder, stdio: 'pipe' })
  }
}
