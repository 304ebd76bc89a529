import type { FastifyInstance } from 'fastify'
import type { Failure } from '../errors.ts'
import { ERRORS_PATH, STATUS } from './answer.ts'
import { exampleOf } from './failure-example.ts'
import { failures as idempotencyFailures } from './idempotency.ts'
import { failures as pageFailures } from './page.ts'
import { failures as requestFailures } from './request-failures.ts'
import type { Route } from './route.ts'
import { failures as jsonFailures } from './strict-json.ts'

export type FailureFactory = (...args: never[]) => Failure

/** What the HTTP side itself answers with, whatever the route. */
const SHARED: readonly FailureFactory[] = [
  requestFailures,
  jsonFailures,
  idempotencyFailures,
  pageFailures,
].flatMap((failures) => Object.values(failures))

/** The page that `docs` of every error answer points to: what each code says, by the code. */
export function registerErrorsPage(
  app: FastifyInstance,
  routes: readonly Route[],
  others: readonly FailureFactory[],
): void {
  const html = errorsHtml([
    ...SHARED,
    ...others,
    ...routes.flatMap(({ failures = [] }) => failures),
  ])
  app.get(ERRORS_PATH, { config: { isPublic: true }, schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(html),
  )
}

function errorsHtml(factories: readonly FailureFactory[]): string {
  const byCode = new Map(factories.map(exampleOf).map((failure) => [failure.code, failure]))
  const rows = [...byCode.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      ({ code, kind, message }) =>
        `<tr id="${escaped(code)}"><td><code>${escaped(code)}</code><td>${STATUS[kind]}<td>${escaped(message)}`,
    )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Errors of UsageFlow</title>
<h1>Errors</h1>
<p>Words in braces stand for what a message names. <code>internal</code> (500) is a mistake of ours:
nothing was done, and the request id leads to the reason. The rest of the <a href="/docs/api/">reference</a>.
<table>
<tr><th>Code<th>Status<th>Message
${rows.join('\n')}
</table>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
