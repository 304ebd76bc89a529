import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRoutes, coveringRoutes, isExempt, type Route } from './index.ts'

const RUNS = { numRuns: 1_000 }

const segment = fc.constantFrom('a', 'b', 'c')
const plainPath = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`)
const url = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant(':')), { maxLength: 5 }), fc.boolean())
  .map(([segments, isOpen]) => {
    const named = segments.map((each, at) => (each === ':' ? `:p${at}` : each))
    return `/${[...named, ...(isOpen ? ['*'] : [])].join('/')}`
  })
const route = fc.record({ method: fc.constantFrom('GET', 'POST', '*'), url })
const routes = fc.array(route, { maxLength: 8 })

/** The meaning of a pattern, spelled out segment by segment. */
function means(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...rest] = pattern
  if (head === '*') return true
  if (head === undefined) return path.length === 0
  const [first, ...others] = path
  if (first === undefined) return false
  return (head.startsWith(':') || head === first) && means(rest, others)
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

/** Sorts as text: literals, parameters, the end, `*`; then a method before any. */
function rankOf({ method, url }: Route): string {
  const parts = partsOf(url).map((part) => (part === '*' ? '4' : part.startsWith(':') ? '2' : '1'))
  return `${[...parts, parts.at(-1) === '4' ? '' : '3'].join('')}${method === '*' ? 'b' : 'a'}`
}

describe('whatever the routes', () => {
  test('the one that covers a plain path is the first of all whose pattern means it', () => {
    fc.assert(
      fc.property(
        routes,
        fc.constantFrom('GET', 'POST', 'PUT'),
        plainPath,
        (given, method, path) => {
          const asked = given.filter((each) => each.method === '*' || each.method === method)
          const meant = asked.filter((each) => means(partsOf(each.url), partsOf(path)))
          const [expected] = meant.sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))
          const covered = coveringRoutes(compileRoutes(given), method, path).map((m) => m.route)
          expect(covered.map(rankOf)).toEqual(expected ? [rankOf(expected)] : [])
        },
      ),
      RUNS,
    )
  })

  test('a whitelist exempts a plain path only where a policy of the same pattern would hold', () => {
    fc.assert(
      fc.property(routes, plainPath, (given, path) => {
        const table = compileRoutes(given)
        if (isExempt(table, 'GET', path))
          expect(coveringRoutes(table, 'GET', path).length).toBeGreaterThan(0)
      }),
      RUNS,
    )
  })
})

/** Ways to write a path differently that some server takes for the same. */
const DISGUISES: readonly ((path: string, at: number) => string)[] = [
  (path) => `${path}/`,
  (path) => `${path};jsessionid=1`,
  (path) => `${path};x/y/../z`,
  (path) => `${path}#fragment/x`,
  (path) => `${path}?a=/b/../c`,
  (path) => `http://host.example${path}`,
  (path, at) => replacedSlash(path, at, '//'),
  (path, at) => replacedSlash(path, at, '/./'),
  (path, at) => replacedSlash(path, at, '/%2e/'),
  (path, at) => replacedSlash(path, at, '/x/../'),
  (path, at) => replacedSlash(path, at, '/x/%2E%2e/'),
  (path, at) => replacedSlash(path, at, '/..\\'),
  (path, at) => (at % 2 === 0 ? path.replace(/(?<=.)\//, '%2F') : path.replace(/(?<=.)\//, '\\')),
  (path, at) => escapedLetter(path, at),
]

function replacedSlash(path: string, at: number, by: string): string {
  const slashes = [...path.matchAll(/\//g)].map(({ index }) => index)
  const index = by === '/..\\' ? 0 : (slashes[at % slashes.length] ?? 0) // above the root is the root
  return `${path.slice(0, index)}${by}${path.slice(index + 1)}`
}

function escapedLetter(path: string, at: number): string {
  const letters = [...path.matchAll(/[abc]/g)].map(({ index }) => index)
  const index = letters[at % Math.max(1, letters.length)]
  if (index === undefined) return path
  return `${path.slice(0, index)}%${path.charCodeAt(index).toString(16)}${path.slice(index + 1)}`
}

const disguise = fc.tuple(fc.constantFrom(...DISGUISES), fc.nat({ max: 7 }))

describe('however a path is disguised', () => {
  test('what covers it plainly still holds, so nobody gets past a limit by spelling', () => {
    fc.assert(
      fc.property(routes, plainPath, disguise, fc.boolean(), (given, path, [as, at], isUpper) => {
        const table = compileRoutes(given)
        const [plainly] = coveringRoutes(table, 'GET', path)
        const target = as(isUpper ? path.toUpperCase() : path, at)
        const held = coveringRoutes(table, 'GET', target).map((match) => match.route)
        if (plainly) expect(held.map(rankOf), target).toContain(rankOf(plainly.route))
      }),
      RUNS,
    )
  })

  test('what is not exempt plainly is not exempt, so no whitelist hides another endpoint', () => {
    fc.assert(
      fc.property(routes, plainPath, disguise, (given, path, [as, at]) => {
        const table = compileRoutes(given)
        fc.pre(!isExempt(table, 'GET', path))
        expect(isExempt(table, 'GET', as(path, at)), as(path, at)).toBe(false)
      }),
      RUNS,
    )
  })
})

test('the longest and worst of paths takes no longer than its length allows', () => {
  const deep = `/${Array.from({ length: 245 }, (_, at) => `:p${at}`).join('/')}`.slice(0, 400)
  const table = compileRoutes([
    { method: '*', url: deep.slice(0, deep.lastIndexOf('/')) },
    { method: '*', url: '/a/a/a/a/a/*' },
  ])
  const worst = ['/a', '/.%2e', '/%61;', '//', '/%2f', '/\\', '/%ff%fe'].map((piece) =>
    piece.repeat(Math.floor(8_000 / piece.length)),
  )
  const started = performance.now()
  for (const target of worst) coveringRoutes(table, 'GET', target)
  expect(performance.now() - started).toBeLessThan(2_000) // some 10 ms each: backtracking would take years
})
