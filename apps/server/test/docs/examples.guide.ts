import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeVisitor } from '../../src/cli/demo/visitor.ts'
import { freePort } from '../../src/platform/db/embedded-postgres/probe.ts'
import { type Block, callsIn, readBlocks, valuesIn } from './blocks.ts'
import { type Installation, install } from './installation.ts'
import { PLACES } from './places.ts'
import { PRINTED, runProgram, USES } from './programs.ts'
import { openShell, type Shell } from './shell.ts'
import { type Call, FILES, prepare } from './surroundings.ts'

const MARCH = new Date('2026-03-02T09:00:00Z')
/** Their programs say what time it is by their own clock. */
const PRESENT: ReadonlySet<string> = new Set([
  ...['blueprints', 'image-generator', 'integrating', 'payments'],
])
/** They make an organization of that name themselves. */
const FOUNDERS: ReadonlySet<string> = new Set([
  ...['getting-started', 'image-generator', 'running', 'test-clock'],
])
const DRAWINGS: ReadonlySet<string> = new Set(['', 'mermaid'])
const EXAMPLES = path.join(import.meta.dirname, '../../../../examples')
const PAGE_MS_MAX = 300_000

const blocks = readBlocks()
const toRun = blocks.filter(({ language }) => !DRAWINGS.has(language))
const ran: string[] = []

let installation: Installation
let folder: string

beforeAll(async () => {
  installation = await install()
  folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-guide-'))
})

afterAll(async () => {
  await installation?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing that could run is told to be a drawing', () => {
  const hidden = blocks.filter(
    ({ language, text }) => DRAWINGS.has(language) && /curl|^[A-Z]+ \/|"\w+":|\$ |;$/m.test(text),
  )
  expect(hidden.map(({ place }) => place)).toEqual([])
})

describe.each([...new Set(toRun.map(({ page }) => page))])('%s', (page) => {
  test(
    'every block runs',
    async () => {
      const reader = await openPage(page)
      try {
        for (const block of toRun.filter((one) => one.page === page)) {
          await reader.run(block).catch((error) => {
            throw new Error(`${block.place}: ${error.message}`)
          })
          ran.push(block.place)
        }
      } finally {
        reader.close()
      }
    },
    PAGE_MS_MAX,
  )
})

test('all blocks of the guide have run', () => {
  expect(ran).toEqual(toRun.map(({ place }) => place))
  expect(ran.length).toBeGreaterThanOrEqual(45) // else they were not found
})

type Page = {
  readonly page: string
  readonly key: string
  readonly call: Call
  readonly shell: Shell
  readonly variables: Readonly<Record<string, string>>
  /** The id in the last answer: what `{id}` means. */
  lastId: string
  /** What the last block of commands printed. */
  printed: string
}

/** Somebody who follows a page, in an organization of their own. */
async function openPage(page: string) {
  const start = PRESENT.has(page) ? new Date() : MARCH
  const name = FOUNDERS.has(page) ? `for ${page}` : `CloudAI-${page}`
  const { key } = await installation.makeOrganization(name, start)
  const call = callWith(key)
  const prepared = await prepare(page, call)
  const place = path.join(folder, page)
  mkdirSync(place)
  symlinkSync(EXAMPLES, path.join(place, 'examples'))
  const variables = {
    ...{ KEY: key, USAGEFLOW_API_KEY: key, USAGEFLOW_URL: installation.url, ...prepared },
    ...{ PORT: String(await freePort()), PICTURES_FOLDER: path.join(place, 'pictures') },
  }
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(place, name), text)
  const shell = openShell(place, variables, installation)
  const reader: Page = { page, key, call, shell, variables, lastId: 'none', printed: '' }
  return { run: (block: Block) => run(reader, block), close: () => shell.close() }
}

async function run(reader: Page, block: Block): Promise<void> {
  if (block.language === 'sh') await runShell(reader, block)
  else if (block.language === 'text') checkPrinted(reader, block)
  else if (block.language === 'json') await runJson(reader, block)
  else if (block.language === 'http') await runHttp(reader, block)
  else if (['js', 'python'].includes(block.language)) await runText(reader, block)
  else throw new Error(`nobody knows how to run ${block.language}`)
}

/** In place of what stands for something: the server, a key, an organization of this page. */
function concrete(reader: Page, text: string): string {
  return text
    .replace(/(http:\/\/)?(localhost|127\.0\.0\.1):4400/g, installation.url)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${reader.variables.PORT}`)
    .replace(/uf_(live|test)_…/g, reader.key)
    .replaceAll('CloudAI', `CloudAI-${reader.page}`)
}

async function runShell(reader: Page, { text, place }: Block): Promise<void> {
  if (place === 'running#1') return runAdministration(reader, text)
  if (place === 'running#2') return expect(concrete(reader, text)).toMatch(/DATABASE_URL=postgres:/)
  reader.printed = await reader.shell.run(concrete(reader, text))
}

/** Such a block is what the commands before it print in the end; that a request was refused, curl says only here. */
function checkPrinted({ printed }: Page, { text }: Block): void {
  const lines = printed.trim().split('\n')
  const said = lines.filter((line) => !line.startsWith('curl: (22)'))
  const shown = text.trim().split('\n')
  expect(said.slice(-shown.length)).toEqual(shown)
}

/** Its keys are known when it has made one, and its owner has an account. */
async function runAdministration(reader: Page, text: string): Promise<void> {
  const lines = concrete(reader, text).trim().split('\n')
  for (const line of lines.filter((one) => !one.includes('--owner') && !one.includes('key_…')))
    await reader.shell.run(line)
  const name = `CloudAI-${reader.page}`
  for (const line of lines.filter((one) => one.includes('key_…'))) {
    const listed = await reader.shell.run(`usageflow key list '${name}' --json`)
    const keys = JSON.parse(listed) as { id: string; revokedAt: string | null }[]
    const id = keys.findLast(({ revokedAt }) => revokedAt === null)?.id ?? 'none'
    await reader.shell.run(line.replace('key_…', id))
  }
  await owner()
  for (const line of lines.filter((one) => one.includes('--owner'))) await reader.shell.run(line)
}

async function runJson(reader: Page, { text, place }: Block): Promise<void> {
  const calls = callsIn(text)
  if (calls.length > 0) {
    const [first] = calls
    for (const { method, path: asked, body } of calls) {
      // What is released was not committed: the block shows both ways to end a hold.
      if (asked.endsWith('/release') && first)
        await send(reader, first.method, first.path, { ...(first.body as object), key: 'another' })
      await send(reader, method, asked, body)
    }
    return
  }
  const [value] = valuesIn(text)
  const target = PLACES[place]
  if (target === undefined) throw new Error('say in places.ts whether it is a body or an answer')
  if (target === null) return
  if (target === 'OVERRIDES')
    return send(reader, 'POST', `/api/v1/subscriptions/${reader.variables.SUB}/change`, {
      ...{ when: 'now', overrides: value },
    })
  const [method = '', asked = ''] = target.split(' ')
  await send(reader, method, asked, value)
}

async function send(reader: Page, method: string, asked: string, body: unknown): Promise<void> {
  const filled = asked
    .replace('{id}', reader.lastId)
    .replace('{plan}', 'pro')
    .replace('{customerId}', 'user_123')
  const local = JSON.stringify(body)?.replace('https://example.com', receiver())
  const answer = await reader.call(
    method,
    filled.replace(/^\/api\/v1/, ''),
    local === undefined ? undefined : JSON.parse(local),
  )
  if (typeof answer?.id === 'string') reader.lastId = answer.id
}

/** Webhooks are saved for addresses that exist, and this machine has no other. */
const receiver = (): string => installation.url

/** As the page says it, by somebody who has signed up with the token of the first start. */
async function runHttp(reader: Page, { text, place }: Block): Promise<void> {
  if (place === 'accounts#1') {
    const [written] = callsIn(text)
    expect(written).toMatchObject({ method: 'POST', path: '/api/auth/sign-up/email' })
    expect(Object.keys(written?.headers ?? {})).toEqual(['UsageFlow-First-Owner-Token'])
    expect(Object.keys(written?.body ?? {}).sort()).toEqual(['email', 'name', 'password'])
    await owner()
    return
  }
  for (const { method, path: asked, headers, body } of callsIn(text)) {
    if (headers['UsageFlow-Organization']) await askBySession(asked, headers)
    else if (asked.includes('/org_…/')) await askAsOwner(method, asked, body)
    else await reader.call(method, asked.replace(/^\/api\/v1/, ''))
  }
}

async function askBySession(asked: string, headers: Readonly<Record<string, string>>) {
  const visitor = await owner()
  const { id } = await visitor.call('POST', '/api/v1/organizations', { name: 'By session' })
  const cookie = (await visitor.signIn('test')).map((one) => one.split(';')[0]).join('; ')
  const answer = await fetch(installation.url + asked, {
    headers: { ...headers, 'UsageFlow-Organization': String(id), cookie },
  })
  expect(answer.status).toBe(200)
}

/** About an organization of its own, which has the name that is sent. */
async function askAsOwner(method: string, asked: string, body: unknown) {
  const visitor = await owner()
  const { id } = await visitor.call('POST', '/api/v1/organizations', body)
  await visitor.call(method, asked.replace('org_…', String(id)), body)
}

let ada: ReturnType<typeof makeVisitor> | undefined

/** The one who has the first account; the guide calls her Ada. */
async function owner() {
  ada ??= makeVisitor(installation.url, {
    ...{ email: 'ada@example.com', name: 'Ada' },
    pass: { 'UsageFlow-First-Owner-Token': await installation.firstOwnerToken() },
  })
  return ada
}

async function runText(reader: Page, { text, language, place }: Block): Promise<void> {
  const own = path.join(folder, place.replace('#', '-'))
  mkdirSync(own)
  const use = USES[place]
  const { variables } = reader
  const printed = await runProgram({
    folder: own,
    language,
    text,
    variables,
    ...(use ? { use } : {}),
  })
  expect(printed.trim().split('\n').at(-1)).toBe(PRINTED[place])
  const customerId = { 'integrating#4': 'of-express', 'integrating#5': 'of-next' }[place]
  if (customerId === undefined) return
  const { data } = await reader.call('GET', `/events?customerId=${customerId}`)
  expect(data).toHaveLength(1)
}

function callWith(key: string): Call {
  return async (method, asked, body) => {
    const answer = await fetch(`${installation.url}/api/v1${asked}`, {
      method,
      headers: {
        'x-usageflow-api-key': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${asked}: ${answer.status} ${text}`)
    return text.startsWith('{') ? JSON.parse(text) : undefined
  }
}
