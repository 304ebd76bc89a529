import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { changed } from '../../faults/src/defects.ts'
import { simulate } from './seed.ts'

/** A mistake that is put into a copy of the product on purpose, and must be noticed. */
type Defect = {
  /** For people. */
  readonly why: string
  /** In files of the server's sources: `find` must stand there exactly once. */
  readonly changes: readonly {
    readonly file: string
    readonly find: string
    readonly replace: string
  }[]
  /** Done to the database before anything happens. */
  readonly prepare?: string
}

const SERVER = fileURLToPath(new URL('../../apps/server/src/', import.meta.url))
const BUILT = fileURLToPath(new URL('../../apps/server/dist/', import.meta.url))

export const DEFECTS: Readonly<Record<string, Defect>> = {
  'double-invoice': {
    why: 'a period may have two invoices, a worker that was taken for dead goes on, and periods are closed without a lock',
    prepare: 'alter table invoice_states drop constraint one_invoice_per_period',
    changes: [
      {
        file: 'invoicing/invoice-states.store.ts',
        find: '    on conflict on constraint one_invoice_per_period do nothing\n',
        replace: '',
      },
      {
        file: 'platform/due/due.store.ts',
        find: '  if (Number(numAffectedRows) !== jobs.length) throw new LeaseLost()\n}\n\n/** Gives claimed work back, to be done at `at`.',
        replace: '}\n\n/** Gives claimed work back, to be done at `at`.',
      },
      {
        file: 'subscriptions/close-periods.ts',
        find: '  await lockSubscriptions(tx, envId, subscriptionIds)\n',
        replace: '',
      },
      {
        file: 'subscriptions/close-periods.ts',
        find: "  invariant(count === refs.length, 'a period is closed once')\n  await insertPeriods(",
        replace: '  if (count === refs.length) await insertPeriods(',
      },
    ],
  },
  'taken-back': {
    why: 'a change that would set usage free is taken back, though another subscription has that usage by now',
    changes: [
      {
        file: 'subscriptions/change-terms.ts',
        find: '  await assertFree(tx, envId, { subscription: before, at: planned.since, prices })\n  return rewrite(tx, envId, before, { terms: kept, at: planned.since, isNow: false })',
        replace:
          '  return rewrite(tx, envId, before, { terms: kept, at: planned.since, isNow: false })',
      },
    ],
  },
  'end-included': {
    why: 'an event at the very end of a period, or within the next minute, counts in it too',
    changes: [
      {
        file: 'rating/ask-usage.ts',
        find: 'to: end ? earlier(end, usage.end) : usage.end,',
        replace: 'to: new Date((end ? earlier(end, usage.end) : usage.end).getTime() + 60_000),',
      },
    ],
  },
}

type Simulation = { readonly simulate: typeof simulate; readonly prepare: string }

/** The simulation with the product as it is, or with a copy that has the defect in it. */
export async function simulationOf(name: string | null): Promise<Simulation> {
  const defect = name === null ? undefined : DEFECTS[name]
  if (defect === undefined) return { simulate, prepare: '' }
  console.log(`broken on purpose: ${defect.why}`)
  const { changes, prepare = '' } = defect
  mkdirSync(BUILT, { recursive: true })
  const folder = mkdtempSync(path.join(BUILT, 'defect-'))
  const outfile = path.join(folder, 'simulation.mjs')
  const pending = new Set(changes)
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('./seed.ts', import.meta.url))],
      ...{ outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
      packages: 'external',
      plugins: [
        {
          name: 'defect',
          setup: (building) =>
            building.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
              const own = changes.filter((change) => path.join(SERVER, change.file) === file)
              for (const change of own) pending.delete(change)
              return { contents: own.reduce(changed, readFileSync(file, 'utf8')), loader: 'ts' }
            }),
        },
      ],
    })
    const [missed] = pending
    if (missed) throw new Error(`the simulation does not use ${missed.file}`)
    const built = (await import(pathToFileURL(outfile).href)) as Pick<Simulation, 'simulate'>
    return { simulate: built.simulate, prepare }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
