import { transformSync } from 'esbuild'
import type { ApiClient } from '../apps/server/src/cli/api-client.ts'
import { CALLER, type Host, type SeenEndpoint } from './brief-hosts.ts'

const IMPORTS = `import express from 'express';
import { ExpressUsageFlowAPI } from '@usageflow/express';
const app = express();
`
const CLIENT = `const usageFlow = new ExpressUsageFlowAPI();
usageFlow.init('YOUR_API_KEY');
`
const EVERYTHING = `app.use(usageFlow.createMiddleware([{ method: '*', url: '*' }], []));
`
const HEALTH = `
app.get('/api/health', (req, res) => res.json({}));`
const LISTEN = `
app.listen(Number(process.env.PORT), '127.0.0.1');
`

const USERS = {
  asks: ['GET /api/users', 'GET /api/users', 'GET /api/health'],
  seen: [endpoint('GET', '/api/users', { '2xx': 2 })],
}
const ONE_USER = { asks: ['GET /api/users'], seen: [endpoint('GET', '/api/users', { '2xx': 1 })] }

const PYTHON_ROUTES = `
@app.get('/api/users')
def users():
    return []

@app.get('/api/health')
def health():
    return {}

import os
`

/** The examples of the packages for frameworks, by their files. */
export const HOSTS: Readonly<Record<string, Host>> = {
  'express-quick-start.mjs': {
    language: 'node',
    program: (example) => `${example}${HEALTH}${LISTEN}`,
    ...USERS,
  },
  'fastify-quick-start.mjs': {
    language: 'node',
    program: (example) => `${example}
app.get('/api/users', async () => [{ id: 1, name: 'John Doe' }]);
app.get('/api/health', async () => ({}));
app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
`,
    ...USERS,
  },
  'nestjs-quick-start.ts': {
    language: 'node',
    program: (example) =>
      compiled(`import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
${example}
@Controller('api')
class Api {
  @Get('users') users() { return [{ id: 1, name: 'John Doe' }]; }
  @Get('health') health() { return {}; }
}
@Module({ imports: [AppModule], controllers: [Api] })
class Root {}
const app = await NestFactory.create(Root, { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
`),
    ...USERS,
  },
  'route-patterns.txt': {
    language: 'node',
    program: (example) => `${IMPORTS}${CLIENT}
const [all, ...some] = [${example.split('\n').filter(isObject).join()}];
app.use('/all', usageFlow.createMiddleware([all]));
app.use(usageFlow.createMiddleware(some));
for (const route of ['/all/:what', '/api/deep/er', '/api/users/:id', '/api/users/:id/more', '/other'])
  app.all(route, (req, res) => res.json({}));${LISTEN}`,
    asks: [
      ...['DELETE /all/of-it', 'GET /api/deep/er', 'GET /other', 'POST /api/users/7/more'],
      ...['DELETE /api/users/7', 'PUT /api/users/7', 'PUT /api/users/7/more'],
    ],
    seen: [
      endpoint('DELETE', '/all/:what', { '2xx': 1 }),
      endpoint('GET', '/api/deep/er', { '2xx': 1 }),
      endpoint('PUT', '/api/users/:id', { '2xx': 1 }),
      endpoint('POST', '/api/users/:id/more', { '2xx': 1 }),
    ],
  },
  'whitelist-routes.mjs': {
    language: 'node',
    program: (example) => `${IMPORTS}${CLIENT}${example}
app.use(usageFlow.createMiddleware([{ method: '*', url: '*' }], whitelistRoutes));
for (const route of ['/api/health', '/metrics', '/internal/deep/er', '/api/users'])
  app.get(route, (req, res) => res.json({}));${LISTEN}`,
    asks: ['GET /api/health', 'GET /metrics', 'GET /internal/deep/er', 'GET /api/users'],
    seen: ONE_USER.seen,
  },
  'custom-metadata.mjs': {
    language: 'node',
    program: (example) => `${IMPORTS}${CLIENT}${EVERYTHING}
app.use((req, res, next) => { req.user = { id: req.get('x-user-id') }; next(); });
${example}
app.get('/api/users', (req, res) => res.json([]));${LISTEN}`,
    ...ONE_USER,
    prepare: meterUsers,
    check: checkMetadata,
  },
  'error-handling.mjs': {
    language: 'node',
    program: (example) => `${IMPORTS}${CLIENT}${EVERYTHING}
app.get('/api/users', () => { throw new Error('broken'); });
${example}${LISTEN}`,
    asks: ['GET /api/users'],
    seen: [endpoint('GET', '/api/users', { '5xx': 1 })],
    check: async (_api, [answer]) => assertSame(answer?.status, 500),
  },
  'rate-limits.mjs': {
    language: 'node',
    program: (example) => `${IMPORTS}${example}
usageFlow.init('YOUR_API_KEY');
${EVERYTHING}
app.get('/api/users', (req, res) => res.json([]));${LISTEN}`,
    // The first go through without an answer, should the server take longer for it than they wait.
    asks: Array.from({ length: 20 }, () => 'GET /api/users'),
    seen: [endpoint('GET', '/api/users', { '2xx': 20 })],
    check: async (_api, answers) =>
      assertSame(answers.at(-1)?.headers.get('ratelimit-policy'), '"/api/users";q=1000;w=3600'),
  },
  'fastapi_quick_start.py': {
    language: 'python',
    program: (example) => `${example}${PYTHON_ROUTES}
import uvicorn
uvicorn.run(app, host='127.0.0.1', port=int(os.environ['PORT']), log_level='error')
`,
    ...USERS,
  },
  'flask_quick_start.py': {
    language: 'python',
    program: (example) => `${example}${PYTHON_ROUTES}
app.run('127.0.0.1', int(os.environ['PORT']))
`,
    ...USERS,
  },
  'gin-quick-start.go': {
    language: 'go',
    program: (example) =>
      example.replace('import (', 'import (\n"os"').replace(
        /\}\s*$/,
        `app.GET("/api/users", func(c *gin.Context) { c.JSON(200, []string{}) })
app.GET("/api/health", func(c *gin.Context) { c.JSON(200, gin.H{}) })
app.Run("127.0.0.1:" + os.Getenv("PORT"))
}
`,
      ),
    ...USERS,
  },
}

/** As the compilers of applications do that are written with decorators. */
function compiled(program: string): string {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } }
  return transformSync(program, { loader: 'ts', tsconfigRaw }).code
}

function endpoint(
  method: string,
  route: string,
  statuses: Readonly<Record<string, number>>,
): SeenEndpoint {
  const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  return { method, route, requests, statuses }
}

function isObject(line: string): boolean {
  return line.startsWith('{')
}

async function meterUsers(api: ApiClient): Promise<void> {
  const sources = [{ from: 'header', name: 'x-user-id' }]
  await api.post('/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
  const policy = { key: 'users', name: 'Users', method: '*', url: '/api/users' }
  const metering = [{ event: 'API_CALL' }]
  await api.post('/api/v1/control/policies', { ...policy, strategy: 'by-user', metering })
}

const EVENT_TRIES = 100
const EVENT_POLL_MS = 100
const ASK_AGAIN_EVERY = 20 // tries

/**
 * An event can be searched a moment after it was stored. Of a service that has just begun the first request may not be metered: it
 * does not wait for longer than 50 ms to hear what is.
 */
async function checkMetadata(api: ApiClient, [answer]: readonly Response[]): Promise<void> {
  for (let tries = 1; tries <= EVENT_TRIES; tries += 1) {
    if (tries % ASK_AGAIN_EVERY === 0)
      await fetch(answer?.url ?? '', { headers: { 'x-user-id': CALLER } })
    const { body } = await api.get(`/api/v1/events?customerId=${CALLER}`)
    const [event] = (body as { data: { metadata: Record<string, unknown> }[] }).data
    if (event) {
      const { customField, userId } = event.metadata
      return assertSame(`${customField} ${userId}`, `value ${CALLER}`)
    }
    await new Promise((resolve) => setTimeout(resolve, EVENT_POLL_MS))
  }
  throw new Error('no event was stored')
}

function assertSame(is: unknown, shouldBe: unknown): void {
  if (is !== shouldBe)
    throw new Error(`it is ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`)
}
