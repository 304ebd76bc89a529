import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { FaultDatabase } from './database.ts'

/** A mistake put into the product on purpose, which the harness must notice. */
type Defect = {
  readonly name: string
  /** What the mistake is and what it would cost, for people. */
  readonly why: string
  readonly changes: readonly Change[]
}

/** In a file of the server: `find` must stand there exactly once. */
type Change = { readonly file: string; readonly find: string; readonly replace: string }

const SERVER = fileURLToPath(new URL('../../apps/server', import.meta.url))
const DEFECTS = fileURLToPath(new URL('../defects', import.meta.url))

/** Made in the running database; the others in a copy of the program. */
export const NO_UNIQUE_CONSTRAINT = 'no-unique-constraint'

/**
 * Builds the program with the defect in it, beside the sound one, and returns its path. Throws when
 * the text to change is not found: a defect that is not there proves nothing.
 */
export async function breakProduct(name: string, soundProgram: string): Promise<string> {
  if (name === NO_UNIQUE_CONSTRAINT) return soundProgram
  const defect = readDefect(name)
  const pending = new Map(defect.changes.map((change) => [path.join(SERVER, change.file), change]))
  const outfile = path.join(SERVER, 'dist', `defect-${name}.mjs`)
  await build({
    ...JSON.parse(readFileSync(path.join(SERVER, 'esbuild.json'), 'utf8')),
    entryPoints: [path.join(SERVER, 'src', 'main.ts')],
    outfile,
    logLevel: 'error',
    plugins: [
      {
        name: 'defect',
        setup: (building) =>
          building.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
            const change = pending.get(file)
            if (!change) return undefined
            const contents = changed(await readFile(file, 'utf8'), change)
            pending.delete(file)
            return { contents, loader: 'ts' }
          }),
      },
    ],
  })
  const [missed] = pending.keys()
  if (missed) throw new Error(`defect ${name}: the program does not use ${missed}`)
  console.log(`  broken on purpose: ${defect.why}`)
  return outfile
}

function readDefect(name: string): Defect {
  try {
    return JSON.parse(readFileSync(path.join(DEFECTS, `${name}.json`), 'utf8')) as Defect
  } catch (cause) {
    throw new Error(`there is no defect ${name}; see faults/defects`, { cause })
  }
}

/** Exported for its test. */
export function changed(text: string, { file, find, replace }: Change): string {
  const times = text.split(find).length - 1
  if (times === 1) return text.replace(find, () => replace)
  throw new Error(`${file}: the text to break stands there ${times} times, not once: ${find}`)
}

/** Takes away what makes an event unique, as a careless migration would. */
export async function dropUniqueConstraint(database: FaultDatabase): Promise<void> {
  const client = await database.connect()
  await client.query('alter table usage_events drop constraint one_event_per_key cascade')
  await client.end()
  console.log('  broken on purpose: usage_events has no primary key any more')
}
