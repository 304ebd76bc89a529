import type { FastifyInstance } from 'fastify'
import type { StripeDeps } from './account.ts'
import { takeEvent } from './take-event.ts'

/** Where Stripe sends the events of a connection. */
export const EVENTS_PATH = '/api/v1/stripe/webhooks'

/**
 * Adds the path by which events come in. It takes bytes, whatever they are: a signature is of those, and of nothing that was
 * parsed. Everybody may send to it, so nothing is done or told before the signature is right.
 */
export function mountStripe(app: FastifyInstance, deps: StripeDeps): void {
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    )
    const options = { config: { isPublic: true }, schema: { hide: true } }
    scope.post<{ Params: { connectionId: string } }>(
      `${EVENTS_PATH}/:connectionId`,
      options,
      async (request, reply) => {
        const { connectionId } = request.params
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const signature = String(request.headers['stripe-signature'] ?? '')
        await takeEvent(deps, { connectionId, body, signature }, deps.clock())
        return reply.send({ received: true })
      },
    )
    done()
  })
}
