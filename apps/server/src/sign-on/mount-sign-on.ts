import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sendCredentials, toHeaders } from '../identity/credential-routes.ts'
import type { Credentials } from '../identity/credentials.ts'
import { assertMayTry } from '../identity/limit-attempts.ts'
import { assertOwnOrigin } from '../identity/origins.ts'
import { strictCookie } from '../identity/strict-cookie.ts'
import { failures } from './failures.ts'
import { ATTEMPT_MS_MAX, beginSignOn, finishSignOn, type SignOnDeps } from './sign-on.ts'

const beginBody = z.union([
  z.strictObject({ email: z.string().max(320) }),
  z.strictObject({ organizationId: z.string().max(100) }),
])
const finishBody = z.strictObject({
  organizationId: z.string().max(100),
  answer: z.string().max(16_000),
})

type Deps = SignOnDeps & { readonly credentials: Pick<Credentials, 'enter'> }

/** Adds the paths by which a page of ours sends somebody to an issuer, and brings back its answer. */
export function mountSignOn(app: FastifyInstance, deps: Deps): void {
  const config = { isPublic: true }
  const schema = { hide: true }
  app.post('/api/auth/sign-on/begin', { config, schema }, async (request, reply) => {
    await assertWelcome(deps, request, 'POST /sign-on/begin')
    const body = beginBody.safeParse(request.body)
    if (!body.success) throw failures.signOnUnknown()
    const { url, browser } = await beginSignOn(deps, body.data)
    return reply.header('set-cookie', cookieOf(deps).set(browser, ATTEMPT_MS_MAX)).send({ url })
  })
  app.post('/api/auth/sign-on/finish', { config, schema }, async (request, reply) => {
    await assertWelcome(deps, request, 'POST /sign-on/finish')
    return finish(deps, request, reply)
  })
}

async function finish(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = finishBody.safeParse(request.body)
  const browser = cookieOf(deps).read(request.headers)
  if (!body.success || !browser) throw failures.attemptRefused()
  const userId = await finishSignOn(deps, { ...body.data, browser, requestId: request.id })
  reply.header('set-cookie', cookieOf(deps).set('', 0))
  const entered = await deps.credentials.enter(userId, toHeaders(request))
  return sendCredentials(deps, request, reply, entered)
}

async function assertWelcome(deps: Deps, request: FastifyRequest, path: string): Promise<void> {
  assertOwnOrigin(request.raw, deps.place())
  await assertMayTry(deps.db, { path, address: request.ip, email: null }, deps.clock())
}

/** Our own page sends it back, so no other site needs to be able to. */
const cookieOf = (deps: Deps) => strictCookie('sign-on', deps.place())
