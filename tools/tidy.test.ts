import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tidy } from './tidy.ts'

const SERVER = 'apps/server/src'

let root = ''

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tidy-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

/** Writes the files, with a README for every feature among them, and returns what tidy says. */
function tidied(files: Readonly<Record<string, string>>): string[] {
  const features = Object.keys(files).flatMap(
    (file) => /^apps\/server\/src\/(?!platform\/)[^/]+\//.exec(file)?.[0] ?? [],
  )
  for (const feature of features) write(`${feature}README.md`, '# What it owns\n')
  for (const [file, text] of Object.entries(files)) write(file, text)
  return tidy(root)
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), text)
}

describe('SQL', () => {
  test.each([
    ['a tag', 'export const q = sql`select 1`'],
    ['a typed tag', 'export const q = sql<{ at: Date }>`select 1`'],
    ['a Kysely call', "export const q = (tx: Tx) => tx.selectFrom('meters')"],
    ['a statement in a string', "export const q = 'delete from meters where env_id = $1'"],
  ])('stays in stores: %s', (_what, text) => {
    const complaint = 'SQL lives in *.store.ts'
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([
      `${SERVER}/usage/a.ts:1 ${complaint}`,
    ])
  })

  test('is free in stores, in platform/db and in tests', () => {
    const text = 'export const q = sql`select 1`'
    const files = ['usage/a.store.ts', 'platform/db/a.ts', 'usage/a.test.ts']
    expect(tidied(Object.fromEntries(files.map((file) => [`${SERVER}/${file}`, text])))).toEqual([])
  })

  test('may be spoken of in comments', () => {
    const text = '/**\n * Not .selectFrom( here.\n */\nexport const a = 1 // not sql`` either\n'
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([])
  })
})

describe('a table has one writer', () => {
  const insert = 'export const a = (envId: number) => sql`insert into meters (env_id)`'

  test.each([
    ['update', 'sql`update meters set x = $1`'],
    ['update with a name', 'sql`update meters as m set x = $1`'],
    ['delete', 'sql`delete from meters where env_id = $1`'],
    ['merge', 'sql`merge into meters using x on env_id = $1`'],
    ['truncate', 'sql`truncate table meters; -- $1`'],
    ['copy', '`copy meters (env_id) from stdin $1`'],
    ['Kysely', "tx.updateTable('meters').where('env_id', '=', envId)"],
    ['Kysely with a name', "tx.deleteFrom('meters as m').where('env_id', '=', envId)"],
  ])('and not two: %s', (_what, statement) => {
    const complaints = tidied({
      [`${SERVER}/catalog/a.store.ts`]: insert,
      [`${SERVER}/usage/b.store.ts`]: `export const b = (envId: number) => ${statement}`,
    })
    const reason = 'meters is written by catalog and usage: a table has one writer'
    expect(complaints).toEqual([
      `${SERVER}/catalog/a.store.ts:1 ${reason}`,
      `${SERVER}/usage/b.store.ts:1 ${reason}`,
    ])
  })

  test.each([
    ['read by others', 'sql`select from meters where env_id = $1 for update skip locked`'],
    ['an upsert', 'sql`insert into x (env_id) values (1) on conflict do update set y = $1`'],
    ['a copy out', 'sql`copy meters to stdout $1`'],
  ])('and many readers: %s', (_what, statement) => {
    const files = {
      [`${SERVER}/catalog/a.store.ts`]: insert,
      [`${SERVER}/usage/b.store.ts`]: `export const b = (envId: number) => ${statement}`,
    }
    expect(tidied(files)).toEqual([])
  })

  test('the parts of the platform have tables of their own', () => {
    const text = 'export const a = (envId: number) => sql`insert into due (env_id) values (1)`'
    const files = ['platform/due/a.store.ts', 'platform/facts/b.store.ts']
    const complaints = tidied(Object.fromEntries(files.map((file) => [`${SERVER}/${file}`, text])))
    expect(complaints).toHaveLength(2)
    expect(complaints[0]).toContain('due is written by platform/due and platform/facts')
  })
})

describe('every query names its tenant', () => {
  const without = 'export function all(tx: Tx) {\n  return sql`select * from meters`.execute(tx)\n}'
  const complaint = (line: number) =>
    `${SERVER}/catalog/a.store.ts:${line} the query names no env_id: every query names its tenant`

  test('or is refused', () => {
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: without })).toEqual([complaint(1)])
  })

  test('in a function that nobody else sees, too', () => {
    const hidden = `export const one = (envId: number) => all()\n\nfunction all() {\n  return tx.selectFrom('meters')\n}`
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: hidden })).toEqual([complaint(3)])
  })

  test('unless it says why not', () => {
    const excused = `/** All meters. */\n// tidy: all environments — the roll-up folds every tenant\n${without}`
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: excused })).toEqual([])
  })

  test('and an excuse counts for one query only', () => {
    const excused = `// tidy: all environments — the roll-up folds every tenant\n${without}`
    const second = without.replace('all(', 'each(')
    const text = `${excused}\n\n${second}`
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: text })).toEqual([complaint(6)])
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: `${second}\n\n${excused}` })).toEqual([
      complaint(1),
    ])
  })

  test('and an excuse without a reason is none', () => {
    const excused = `// tidy: all environments —  \n${without}`
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: excused })).toEqual([complaint(2)])
  })

  test('where a statement names no table there is nothing to protect', () => {
    const text =
      "export const wait = (tx: Tx) => sql`select set_config('x', 'y', true)`.execute(tx)"
    expect(tidied({ [`${SERVER}/catalog/a.store.ts`]: text })).toEqual([])
  })
})

describe('clock, chance and environment', () => {
  test.each([
    ['Date.now()', 'time is an argument: below main.ts nobody looks at the clock'],
    ['new Date()', 'time is an argument: below main.ts nobody looks at the clock'],
    ['Temporal.Now.instant()', 'time is an argument: below main.ts nobody looks at the clock'],
    ['Math.random()', 'chance is an argument, or platform and identity draw it'],
    ['randomBytes(16)', 'chance is an argument, or platform and identity draw it'],
    ['crypto.randomUUID()', 'chance is an argument, or platform and identity draw it'],
    ['process.env.PORT', 'config.ts reads the environment, and the rest gets arguments'],
  ])('%s is not for the domain', (text, reason) => {
    const files = [`${SERVER}/usage/a.ts`, 'sdks/js/core/src/a.ts']
    const code = `export const a = ${text}`
    expect(tidied(Object.fromEntries(files.map((file) => [file, code])))).toEqual(
      files.map((file) => `${file}:1 ${reason}`),
    )
  })

  test('have their places', () => {
    const files = {
      'sdks/js/core/src/clock.ts': 'export const now = () => new Date()',
      'sdks/js/core/src/config.ts': 'export const key = process.env.USAGEFLOW_API_KEY',
      [`${SERVER}/platform/clock.ts`]: 'export const now = () => new Date()',
      [`${SERVER}/platform/db/start.ts`]: 'export const env = { ...process.env }',
      [`${SERVER}/identity/key.ts`]: 'export const key = () => randomBytes(32)',
      [`${SERVER}/config.ts`]: 'export const port = process.env.PORT',
      [`${SERVER}/usage/a.test.ts`]: 'export const now = Date.now()',
    }
    expect(tidied(files)).toEqual([])
  })

  test('a given time may be turned into a Date anywhere', () => {
    const text = 'export const at = (ms: number) => new Date(ms)'
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([])
  })

  test('chance knows an excuse, time knows none', () => {
    const text = [
      '// tidy: chance — the key of an event that came without one',
      'export const key = () => randomUUID()',
      '// tidy: clock — we are in a hurry',
      'export const now = () => Date.now()',
    ].join('\n')
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([
      `${SERVER}/usage/a.ts:4 time is an argument: below main.ts nobody looks at the clock`,
    ])
  })
})

describe('floats', () => {
  test.each([
    ['packages/pricing/src', 'parseFloat(text)'],
    [`${SERVER}/rating`, 'amount.toFixed(2)'],
    [`${SERVER}/invoicing`, 'Number(row.amount)'],
    [`${SERVER}/invoicing`, 'Math.round(amount)'],
  ])('stay away from money: in %s no %s', (folder, text) => {
    const file = `${folder}/a.ts`
    expect(tidied({ [file]: `export const a = ${text}` })).toEqual([
      `${file}:1 money and quantities are never floats`,
    ])
  })

  test('are free where a line says why it is not money', () => {
    const text = 'export const days = Number(text) // tidy: not money — a count of days'
    expect(tidied({ 'packages/pricing/src/a.ts': text })).toEqual([])
  })

  test('do not take BigInt or a safe integer for a float', () => {
    const text = 'export const a = BigInt(text) > Number.MAX_SAFE_INTEGER'
    expect(tidied({ 'packages/pricing/src/a.ts': text })).toEqual([])
  })
})

describe('imports', () => {
  test('point up the pipeline', () => {
    const text =
      "import { close } from '../rating/close.ts'\nimport { id } from '../platform/id.ts'"
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([
      `${SERVER}/usage/a.ts:1 usage (5) must not import rating (8): imports point up the pipeline`,
    ])
  })

  test('join no equals', () => {
    const text = "export const a = await import('../subscriptions/a.ts')"
    expect(tidied({ [`${SERVER}/metering/a.ts`]: text })).toEqual([
      `${SERVER}/metering/a.ts:1 metering (6) must not import subscriptions (6): imports point up the pipeline`,
    ])
  })

  test("never reach into another feature's store", () => {
    const text = "import { meters } from '../catalog/meters.store.ts'"
    const reason = 'the store of catalog is its own: import a function of the feature'
    expect(
      tidied({ [`${SERVER}/usage/a.ts`]: text, [`${SERVER}/app.ts`]: text.replace('..', '.') }),
    ).toEqual([`${SERVER}/app.ts:1 ${reason}`, `${SERVER}/usage/a.ts:1 ${reason}`])
  })

  test('of tests may be the builders of any feature, and nothing else of it', () => {
    const text = [
      "import { aBill } from '../rating/test-bills.ts'",
      "import { close } from '../rating/close.ts'",
    ].join('\n')
    expect(tidied({ [`${SERVER}/usage/a.test.ts`]: text })).toEqual([
      `${SERVER}/usage/a.test.ts:2 usage (5) must not import rating (8): imports point up the pipeline`,
    ])
  })

  test('leave the top to the top', () => {
    const text = "import { config } from '../config.ts'"
    expect(tidied({ [`${SERVER}/usage/a.ts`]: text })).toEqual([
      `${SERVER}/usage/a.ts:1 usage (5) must not import config.ts (100): imports point up the pipeline`,
    ])
    expect(
      tidied({
        [`${SERVER}/usage/a.ts`]: '',
        [`${SERVER}/app.ts`]: "import { run } from './cli/run.ts'",
        [`${SERVER}/cli/run.ts`]: text,
        [`${SERVER}/cli/README.md`]: '',
      }),
    ).toEqual([])
  })

  test('need a rank', () => {
    expect(tidied({ [`${SERVER}/loyalty/a.ts`]: '' })).toEqual([
      `${SERVER}/loyalty/README.md:1 loyalty has no rank: give it one in tools/ranks.json`,
    ])
  })

  test('keep the packages pure', () => {
    const text = "import { readFileSync } from 'node:fs'\nimport { a } from './a.ts'"
    expect(tidied({ 'packages/pricing/src/b.ts': text })).toEqual([
      'packages/pricing/src/b.ts:1 packages are pure and run anywhere: they must not import node:fs',
    ])
    expect(
      tidied({ 'packages/pricing/src/b.ts': '', 'packages/pricing/src/b.test.ts': text }),
    ).toEqual([])
  })
})

describe('files', () => {
  test('have at most 400 lines', () => {
    const lines = (count: number) => '//\n'.repeat(count)
    expect(tidied({ 'bench/src/a.ts': lines(400) })).toEqual([])
    expect(tidied({ 'bench/src/a.ts': lines(401) })).toEqual([
      'bench/src/a.ts:1 is longer than 400 lines: it does more than one thing',
    ])
  })

  test.each(['utils/money.ts', 'helpers.ts', 'shared/a.ts', 'types.ts', 'common/a.test.ts'])(
    'are no drawers: %s',
    (file) => {
      const [complaint] = tidied({ [`packages/pricing/src/${file}`]: '' })
      expect(complaint).toContain('is a drawer for anything: name the thing')
    },
  )

  test('export no default but a configuration', () => {
    expect(tidied({ 'vitest.config.ts': 'export default {}' })).toEqual([])
    expect(tidied({ 'bench/src/a.ts': 'export default {}' })).toEqual([
      'bench/src/a.ts:1 no default exports: a thing has one name everywhere',
    ])
  })

  test('have no index but the face of a package', () => {
    const faces = { 'packages/pricing/src/index.ts': '', 'sdks/js/core/src/index.ts': '' }
    expect(tidied(faces)).toEqual([])
    expect(tidied({ [`${SERVER}/usage/index.ts`]: '' })).toEqual([
      `${SERVER}/usage/index.ts:1 index.ts is the public face of a package and nothing else`,
    ])
  })

  test('begin, in a feature, with a README of at most 40 lines', () => {
    write(`${SERVER}/usage/a.ts`, '')
    expect(tidy(root)).toEqual([
      `${SERVER}/usage/README.md:1 is missing: a feature says what it owns`,
    ])
    expect(tidied({ [`${SERVER}/usage/README.md`]: 'x\n'.repeat(40) })).toEqual([])
    expect(tidied({ [`${SERVER}/usage/README.md`]: 'x\n'.repeat(41) })).toEqual([
      `${SERVER}/usage/README.md:1 is longer than 40 lines`,
    ])
  })
})

describe('text', () => {
  const HOME = 'a path of one machine means nothing on another'
  const TICKET = 'the text must explain itself: say what is so, not where it was discussed'

  test.each([
    ['docs/a.md', 'see /home/ann/usageflow', HOME],
    ['docs/a.md', 'run it on ../shared/data', HOME],
    ['README.md', 'as asked in issue 2', TICKET],
    ['a.sql', '-- because of a bug (#12)', TICKET],
    ['bench/src/a.ts', '// TODO: measure', TICKET],
  ])('explains itself: %s with %s', (file, text, reason) => {
    expect(tidied({ [file]: `\n${text}\n` })).toEqual([`${file}:2 ${reason}`])
  })

  test('of tests, and of what runs them, may name what they read', () => {
    expect(tidied({ 'tools/a.test.ts': "const data = '../shared/data'" })).toEqual([])
    expect(tidied({ '.ci/run': 'verify ../shared/data' })).toEqual([])
  })

  test('that nobody writes is not read', () => {
    const bad = 'export default 1 // TODO'
    const files = ['node_modules/a/a.ts', 'dist/a.js', 'a.gen.ts', 'bench/results/a.md']
    expect(tidied(Object.fromEntries(files.map((file) => [file, bad])))).toEqual([])
  })
})

test('complaints come in the order of files and lines', () => {
  const text = 'const b = 1\nexport default b\n// FIXME\n'
  const complaints = tidied({ 'bench/b.ts': text, 'bench/a.ts': text })
  expect(complaints.map((complaint) => complaint.split(' ')[0])).toEqual([
    'bench/a.ts:2',
    'bench/a.ts:3',
    'bench/b.ts:2',
    'bench/b.ts:3',
  ])
})
