import { type IncomingHttpHeaders, request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { UsageFlowError } from '@usageflow/core'
import { onTestFinished } from 'vitest'
import { type ControlApp, controlApp } from '../../../../apps/server/src/control/test-control.ts'
import { ExpressUsageFlowAPI, type ExpressUsageFlowOptions } from '../src/index.ts'
import { type RecordingServer, startRecordingServer } from './recording-server.ts'

const require = createRequire(import.meta.url)
// biome-ignore lint/suspicious/noExplicitAny: two versions, of which only one could have types
type Express = any
export const EXPRESSES: readonly (readonly [name: string, express: Express])[] = [
  ['Express 4', require('express4')],
  ['Express 5', require('express5')],
]

/** A real server on a real database, and what stands before it. */
export type World = {
  readonly control: ControlApp
  readonly server: RecordingServer
  readonly errors: UsageFlowError[]
  /** An agent that knows what holds, closed when the test has ended. */
  api(options?: ExpressUsageFlowOptions): ExpressUsageFlowAPI
}

export async function aWorld(): Promise<World> {
  const control = await controlApp()
  const server = await startRecordingServer(control.port)
  const errors: UsageFlowError[] = []
  return {
    ...{ control, server, errors },
    api(options = {}) {
      const api = new ExpressUsageFlowAPI({
        ...{ apiKey: 'all-key', baseUrl: server.url, application: 'shop' },
        onError: (error) => errors.push(error),
        ...options,
      })
      onTestFinished(() => api.close(100))
      return api
    },
  }
}

export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Serves an application until the test has ended. Returns how to ask it. */
export async function served(app: Express) {
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return (target: string, options: { method?: string; headers?: object; body?: string } = {}) =>
    new Promise<Answered>((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options
      const init = { host: '127.0.0.1', port, path: target, method, headers: { ...headers } }
      const outgoing = request(init, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        const text = Buffer.concat(chunks).toString('latin1')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}
