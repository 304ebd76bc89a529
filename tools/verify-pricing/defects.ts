import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { changed } from '../../faults/src/defects.ts'
import type { PricingModule } from './answer.ts'

/** A mistake that is put into a copy of packages/pricing on purpose, and must be noticed. */
export type Defect = {
  readonly name: string
  /** For people. */
  readonly why: string
  readonly changes: readonly Change[]
}

/** In a file of packages/pricing/src: `find` must stand there exactly once. */
type Change = { readonly file: string; readonly find: string; readonly replace: string }

const SOURCES = fileURLToPath(new URL('../../packages/pricing/src/', import.meta.url))

export const DEFECTS: Readonly<Record<string, Defect>> = {
  border: {
    name: 'border',
    why: 'the border of a volume tier belongs to the tier above it',
    changes: [
      {
        file: 'rate.ts',
        find: 'upTo === null || billable <= upTo)',
        replace: 'upTo === null || billable < upTo)',
      },
    ],
  },
  'half-even': {
    name: 'half-even',
    why: 'a half is rounded to the even neighbour, not away from zero',
    changes: [
      {
        file: 'decimal.ts',
        find: 'const quotient = (2n * absolute(dividend) + size) / (2n * size)\n',
        replace: `const up = (2n * absolute(dividend) + size) / (2n * size)
          const isTie = (2n * absolute(dividend) + size) % (2n * size) === 0n
          const quotient = isTie && up % 2n === 1n ? up - 1n : up\n`,
      },
    ],
  },
  'credits-first': {
    name: 'credits-first',
    why: 'credits of units are used before the included units',
    changes: [
      {
        file: 'credits.ts',
        find: 'beyondIncluded(included[index] ?? ZERO, ',
        replace: 'beyondIncluded(ZERO, ',
      },
      {
        file: 'rate.ts',
        find: '(beyond(quantity, included) - credited) as Decimal',
        replace: 'beyond((quantity - credited) as Decimal, included)',
      },
    ],
  },
  'grant-expiry': {
    name: 'grant-expiry',
    why: 'a grant can still be used at the instant at which it ends',
    changes: [
      {
        file: 'credits.ts',
        find: 'from < until && (to === null || to >= until)',
        replace: 'from < until && (to === null || to.getTime() + 1 >= until.getTime())',
      },
      {
        file: 'credits.ts',
        find: 'to === null ? [from] : [from, to]',
        replace: 'to === null ? [from] : [from, new Date(to.getTime() + 1)]',
      },
    ],
  },
  'spread-ties': {
    name: 'spread-ties',
    why: 'of lines with equal remainders the later one bears the rest',
    changes: [{ file: 'spread.ts', find: 'a.index - b.index', replace: 'b.index - a.index' }],
  },
  'minimum-before-coupons': {
    name: 'minimum-before-coupons',
    why: 'the minimum of a plan is compared with what it comes to before coupons',
    changes: [
      {
        file: 'settle.ts',
        find: 'minimumMinor - metMinor - sumOf(counting, netOf)',
        replace: 'minimumMinor - metMinor - sumOf(counting, ({ line }) => line.amountMinor)',
      },
    ],
  },
}

/**
 * Builds packages/pricing with the defect in it and loads it. Throws when the text to change is not
 * found: a defect that is not there proves nothing.
 */
export async function brokenPricing({ name, changes }: Defect): Promise<PricingModule> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-pricing-'))
  const outfile = path.join(folder, `${name}.mjs`)
  const pending = new Set(changes)
  try {
    await build({
      entryPoints: [path.join(SOURCES, 'index.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      plugins: [
        {
          name: 'defect',
          setup: (building) =>
            building.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
              const own = changes.filter((change) => path.join(SOURCES, change.file) === file)
              for (const change of own) pending.delete(change)
              return { contents: own.reduce(changed, readFileSync(file, 'utf8')), loader: 'ts' }
            }),
        },
      ],
    })
    const [missed] = pending
    if (missed) throw new Error(`defect ${name}: packages/pricing does not use ${missed.file}`)
    return (await import(pathToFileURL(outfile).href)) as PricingModule // built from the same sources
  } finally {
    rmSync(folder, { recursive: true })
  }
}
