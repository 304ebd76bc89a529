// Translations. Of metering, limits and billing it knows the lines that are marked.
import { FastifyUsageFlowAPI } from '@usageflow/fastify' // (1)
import fastify from 'fastify'
import { LANGUAGES, translate } from './translate.mjs'

/** In your service: a table of keys, or what issues your tokens. */
const CUSTOMERS = new Map([
  ['demo-key-of-ann', 'ann'],
  ['demo-key-of-bob', 'bob'],
])

const app = fastify()

app.decorateRequest('customerId', null)
app.addHook('onRequest', async (request, reply) => {
  const [, key] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
  request.customerId = CUSTOMERS.get(key) ?? null
  if (request.customerId === null && request.url.startsWith('/v1/'))
    return reply.code(401).send({ error: 'Send Authorization: Bearer, and your key.' })
})

// (2) Reads USAGEFLOW_URL and USAGEFLOW_API_KEY. Who is calling is what was checked above, not what a client says.
const usageFlow = new FastifyUsageFlowAPI({
  application: 'translations',
  claims: (request) => ({ sub: request.customerId }),
})
await app.register(usageFlow.createPlugin([{ method: '*', url: '/v1/*' }])) // (3) ends with the instance

const body = {
  type: 'object',
  required: ['text', 'to'],
  properties: {
    text: { type: 'string', minLength: 1 },
    to: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: LANGUAGES } },
  },
}

app.post('/v1/translations', { schema: { body } }, async (request) => {
  const { text, to } = request.body
  request.usageflow = { metadata: { languages: to.length } } // (4) kept with each usage event
  const translations = to.map((language) => ({ language, ...translate(text, language) }))
  const characters = translations.reduce((sum, each) => sum + each.characters, 0)
  return { translations, characters }
})

app.get('/health', async () => ({ ok: true }))

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })

process.once('SIGTERM', async () => {
  await app.close() // (5) sends what was measured in the last second
  process.exit()
})
