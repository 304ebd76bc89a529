import fastify, { type FastifyInstance } from 'fastify'
import { randomBase64 } from '../random.ts'

const PREFIX = '/docs/api'
const SCRIPT_CACHED_S = 3_600

/**
 * The page of the API reference. Its library has 4 MB, so it is loaded when somebody first looks, and
 * not at the start. Everything comes from this server; the browser is told to ask no other.
 */
export function registerReferencePage(app: FastifyInstance, openapiPath: string): void {
  const nonce = randomBase64(16)
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  let library: Promise<FastifyInstance> | undefined

  const publicly = { config: { isPublic: true }, schema: { hide: true } }
  app.get(PREFIX, publicly, (_request, reply) => reply.redirect(`${PREFIX}/`, 301))
  app.get(`${PREFIX}/*`, publicly, async (request, reply) => {
    library ??= loadLibrary(openapiPath, nonce)
    const { statusCode, headers, rawPayload } = await (await library).inject(request.url)
    if (statusCode !== 200) return reply.callNotFound()
    const type = String(headers['content-type'])
    reply.header('content-security-policy', csp)
    if (type.includes('javascript'))
      reply.header('cache-control', `public, max-age=${SCRIPT_CACHED_S}`)
    return reply.type(type).send(rawPayload)
  })
}

async function loadLibrary(openapiPath: string, nonce: string): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const app = fastify()
  await app.register(scalar, {
    routePrefix: PREFIX,
    configuration: {
      url: openapiPath,
      pageTitle: 'UsageFlow API',
      nonce,
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    },
  })
  await app.ready()
  return app
}
