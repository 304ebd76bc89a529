import { type Arena, openArena } from './arena.ts'
import { type HttpReply, isWorthRetrying, send, type Target } from './http-client.ts'
import { type ApiKey, createKey, createOrganization, type Organization } from './product.ts'
import type { Random } from './random.ts'
import { type Finding, none, printTable } from './report.ts'
import { checkRevocation } from './revocation.ts'
import type { Setting } from './scenarios.ts'
import { type StormEvent, spelled } from './storm-event.ts'
import { endFindings } from './under-load.ts'

const KEYS_AT_ONCE = 6
const CONTRADICTED_KEYS = 200
const CONTENTS = 4 // different events that race for one contradicted key
const KEYS_ELSEWHERE = 50

/** What all senders of one key were told. */
type Race = { readonly key: string; readonly answers: readonly Answer[] }
type Answer = { readonly content: number; readonly status: number; readonly eventId: string | null }

/** Many senders race for every key, over all servers, with the same event in different spellings. */
export async function storm(setting: Setting): Promise<Finding[]> {
  const arena = await openArena({ ...setting, hasProxy: false })
  try {
    const ours = await createOrganization(arena.product, 'Storm', '2026-01-01T00:00:00Z')
    const theirs = await createOrganization(arena.product, 'Elsewhere', '2026-01-01T00:00:00Z')
    const apiKeys = await manyKeys(arena, ours)
    const startedAt = performance.now()
    const plain = await raceAll({ arena, apiKeys, setting }, setting.keys, 1)
    const contradicted = await raceAll({ arena, apiKeys, setting }, CONTRADICTED_KEYS, CONTENTS)
    const requests = (setting.keys + CONTRADICTED_KEYS) * setting.senders
    const perSecond = Math.round((requests / (performance.now() - startedAt)) * 1000)
    printTable('Did', [
      ['keys', `${setting.keys}, and ${CONTRADICTED_KEYS} with ${CONTENTS} contents each`],
      ['requests', `${requests}, ${perSecond} a second over ${arena.targets.length} servers`],
    ])
    return [
      ...findingsOf(plain, 1),
      ...findingsOf(contradicted, CONTENTS),
      await checkElsewhere(arena, [ours, theirs]),
      await checkStored(arena, setting.keys + CONTRADICTED_KEYS + 2 * KEYS_ELSEWHERE),
      await checkRevocation(arena, ours),
      ...(await endFindings(arena)),
    ]
  } finally {
    await arena.close()
  }
}

function manyKeys(arena: Arena, organization: Organization): Promise<ApiKey[]> {
  return Promise.all([0, 1, 2].map(() => createKey(arena.product, organization, 'live')))
}

type Course = {
  readonly arena: Arena
  readonly apiKeys: readonly ApiKey[]
  readonly setting: Setting
}

async function raceAll(course: Course, keys: number, contents: number): Promise<Race[]> {
  const random = course.setting.random.fork(`storm of ${contents}`)
  const races: Race[] = []
  let next = 0
  const run = async () => {
    while (next < keys) {
      const key = `${contents === 1 ? 'plain' : 'contradicted'}-${next++}`
      races.push(await race(course, { key, contents }, random.fork(key)))
    }
  }
  await Promise.all(Array.from({ length: KEYS_AT_ONCE }, run))
  return races
}

async function race(
  { arena, apiKeys, setting }: Course,
  { key, contents }: { key: string; contents: number },
  random: Random,
): Promise<Race> {
  const event: StormEvent = {
    key,
    customer: `customer-${random.between(0, 100)}`,
    amount: random.between(1, 1_000),
    tokens: random.between(0, 100),
  }
  const senders = Array.from({ length: setting.senders }, async (_, sender): Promise<Answer> => {
    const content = sender % contents
    const sent = { ...event, amount: event.amount + content }
    const body = spelled(sent, random.fork(String(sender)), sender % 2 === 1)
    const target = arena.targets[sender % arena.targets.length] as Target // there is at least one
    const reply = await sendUntilDefinite(target, random.pick(apiKeys).key, body)
    return { content, ...readAnswer(reply) }
  })
  return { key, answers: await Promise.all(senders) }
}

async function sendUntilDefinite(target: Target, apiKey: string, body: string): Promise<HttpReply> {
  const headers = { 'x-usageflow-api-key': apiKey, 'content-type': 'application/json' }
  for (let tries = 0; ; tries++) {
    const reply = await send(target, { method: 'POST', path: '/api/v1/events', headers, body })
    if (!isWorthRetrying(reply.status) || reply.status === 500 || tries === 100) return reply
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function readAnswer(reply: HttpReply): { status: number; eventId: string | null } {
  if (reply.status === null) return { status: 0, eventId: null }
  const { eventId } = JSON.parse(reply.text) as { eventId?: unknown }
  return { status: reply.status, eventId: typeof eventId === 'string' ? eventId : null }
}

function findingsOf(races: readonly Race[], contents: number): Finding[] {
  const what = contents === 1 ? 'keys with one event' : 'keys with contradicting events'
  const wrong = races.flatMap(({ key, answers }) => {
    const complaint = complaintAbout(answers)
    return complaint === null ? [] : [`${key}: ${complaint}`]
  })
  return [none(`${what}: not won once and told so to all`, wrong, `${races.length}`)]
}

/** One is told that the event is new, the others with the same content that it is known, the rest no. */
function complaintAbout(answers: readonly Answer[]): string | null {
  const won = answers.filter(({ status }) => status === 201)
  const [winner] = won
  if (!winner || won.length > 1) return `${won.length} were told that it is new`
  const mistaken = answers.find(({ status, content, eventId }) => {
    if (content !== winner.content) return status !== 422
    return !(status === 201 || status === 200) || eventId !== winner.eventId
  })
  return mistaken
    ? `${JSON.stringify(mistaken)} although the winner is ${JSON.stringify(winner)}`
    : null
}

/** The same key of another organization, or of the test environment, is another key. */
async function checkElsewhere(
  arena: Arena,
  [ours, theirs]: readonly [Organization, Organization],
): Promise<Finding> {
  const keys = [
    await createKey(arena.product, ours, 'test'),
    await createKey(arena.product, theirs, 'live'),
  ]
  const wrong: string[] = []
  for (let number = 0; number < KEYS_ELSEWHERE; number++) {
    for (const { key } of keys) {
      const body = JSON.stringify({
        name: 'storm',
        customerId: 'c',
        idempotencyKey: `plain-${number}`,
      })
      const target = arena.targets[number % arena.targets.length] as Target // there is at least one
      const reply = await sendUntilDefinite(target, key, body)
      if (reply.status !== 201) wrong.push(`plain-${number}: ${reply.status}`)
    }
  }
  return none('keys of one environment known in another', wrong, `${KEYS_ELSEWHERE * 2}`)
}

async function checkStored(arena: Arena, expected: number): Promise<Finding> {
  const client = await arena.database.connect()
  const { rows } = await client.query<{ rows: string; keys: string }>(
    'select count(*) as rows, count(distinct (env_id, key_text)) as keys from usage_events',
  )
  await client.end()
  const { rows: stored = '', keys = '' } = rows[0] ?? {}
  const holds = Number(stored) === expected && Number(keys) === expected
  const said = `${stored} rows with ${keys} keys (exactly ${expected})`
  return { name: 'events stored', said, holds, examples: [] }
}
