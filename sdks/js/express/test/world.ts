import { createRequire } from 'node:module'
import { onTestFinished } from 'vitest'
import * as framework from '../../core/test/framework-world.ts'
import { ExpressUsageFlowAPI, type ExpressUsageFlowOptions } from '../src/index.ts'

const require = createRequire(import.meta.url)
// biome-ignore lint/suspicious/noExplicitAny: two versions, of which only one could have types
type Express = any
export const EXPRESSES: readonly (readonly [name: string, express: Express])[] = [
  ['Express 4', require('express4')],
  ['Express 5', require('express5')],
]

export type World = framework.World & {
  /** An agent that knows what holds, closed when the test has ended. */
  api(options?: ExpressUsageFlowOptions): ExpressUsageFlowAPI
}

export async function aWorld(): Promise<World> {
  const world = await framework.aWorld()
  const api = (options: ExpressUsageFlowOptions = {}) =>
    framework.closing(new ExpressUsageFlowAPI({ ...world.options, ...options }))
  return { ...world, api }
}

/** Serves an application until the test has ended. Returns how to ask it. */
export async function served(app: Express) {
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return framework.asking(server)
}
