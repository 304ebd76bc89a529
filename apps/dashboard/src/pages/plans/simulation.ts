import { answered } from '../../api/client.ts'
import type { Environment } from '../../api/environment.tsx'
import type { paths } from '../../api/schema.gen.ts'

type Post<Path extends keyof paths> = paths[Path] extends { post: infer Operation }
  ? Operation
  : never
type BodyOf<Operation> = Operation extends {
  requestBody?: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
type AnswerOf<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Answer } } }
}
  ? Answer
  : never

type Simulation = Post<'/api/v1/simulations'>
type Move = Post<'/api/v1/plans/{plan}/versions/{version}/move'>

export type SimulationAsked = Omit<BodyOf<Simulation>, 'after' | 'limit'>
export type SimulatedRow = AnswerOf<Simulation>['data'][number]
export type MoveAsked = { readonly plan: string; readonly to: number } & Pick<
  BodyOf<Move>,
  'from' | 'when'
>
export type MovedRow = AnswerOf<Move>['data'][number]

type Headers = { readonly 'idempotency-key': string }

const PAGES_MAX = 50

/** All that is asked for, page by page; `next` is where it was given up, null at the end. */
async function all<Row>(
  ask: (after: string | null, page: number) => Promise<{ data: Row[]; next: string | null }>,
): Promise<{ readonly rows: readonly Row[]; readonly next: string | null }> {
  const rows: Row[] = []
  let next: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer: { data: Row[]; next: string | null } = await ask(next, page)
    rows.push(...answer.data)
    next = answer.next
    if (next === null) break
  }
  return { rows, next }
}

/** What customers would have been billed. */
export function simulateAll({ api }: Environment, asked: SimulationAsked) {
  return all((after) =>
    answered(
      api.POST('/api/v1/simulations', {
        body: { ...asked, ...(after === null ? {} : { after }) },
      }),
    ),
  )
}

/** Moves subscriptions between versions, or only says what that would come to. */
export function moveAll(
  { api }: Environment,
  { plan, to, ...asked }: MoveAsked,
  { dryRun, headers }: { readonly dryRun: boolean; readonly headers: Headers },
) {
  return all((after, page) =>
    answered(
      api.POST('/api/v1/plans/{plan}/versions/{version}/move', {
        params: { path: { plan, version: to } },
        headers: { 'idempotency-key': `${headers['idempotency-key']}-${page}` },
        body: { ...asked, dryRun, ...(after === null ? {} : { after }) },
      }),
    ),
  )
}

/** What rows of each currency come to together. */
export function totalsOf(
  rows: readonly {
    readonly currency: string
    readonly beforeMinor: string
    readonly afterMinor: string
  }[],
) {
  const currencies = [...new Set(rows.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const mine = rows.filter((row) => row.currency === currency)
    const sum = (amounts: readonly string[]) =>
      amounts.reduce((total, amount) => total + BigInt(amount), 0n)
    const before = sum(mine.map(({ beforeMinor }) => beforeMinor))
    const after = sum(mine.map(({ afterMinor }) => afterMinor))
    return {
      ...{ currency, count: mine.length },
      ...{ beforeMinor: String(before), afterMinor: String(after) },
      differenceMinor: String(after - before),
    }
  })
}
