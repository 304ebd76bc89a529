import { type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { onTestFinished } from 'vitest'
import { type ControlApp, controlApp } from '../../../../apps/server/src/control/test-control.ts'
import type { UsageFlowError } from '../src/errors.ts'
import type { FrameworkAPI, FrameworkOptions } from '../src/node.ts'
import { type RecordingServer, startRecordingServer } from './recording-server.ts'

/** A real server on a real database, and what stands before it. */
export type World = {
  readonly control: ControlApp
  readonly server: RecordingServer
  readonly errors: UsageFlowError[]
  /** For an agent that knows what holds and is called `shop`. */
  readonly options: FrameworkOptions
}

export async function aWorld(): Promise<World> {
  const control = await controlApp()
  const server = await startRecordingServer(control.port)
  const errors: UsageFlowError[] = []
  return {
    ...{ control, server, errors },
    options: {
      ...{ apiKey: 'all-key', baseUrl: server.url, application: 'shop' },
      onError: (error) => errors.push(error),
    },
  }
}

/** Closed when the test has ended. */
export function closing<T extends FrameworkAPI>(api: T): T {
  onTestFinished(() => api.close(100))
  return api
}

/** What was reported of requests: a text for each row and status. */
export function reportedRoutes({ server }: World): string[] {
  const rows = server.reports.flatMap(({ statistics }) => (statistics ?? []) as never[])
  return rows.flatMap(({ method, route, statuses }) =>
    Object.keys(statuses).map((status) => `${method} ${route} ${status}`),
  )
}

export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** How to ask what listens there. */
export function asking(server: Server) {
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
