import { onTestFinished } from 'vitest'
import { type ControlApp, controlApp } from '../../../../apps/server/src/control/test-control.ts'
import {
  Agent,
  type AgentOptions,
  type Begun,
  type Incoming,
  type UsageFlowError,
} from '../src/index.ts'

/** The real routes of control on a real database, and hosts that ask them. */
export type AgentWorld = {
  readonly control: ControlApp
  readonly errors: UsageFlowError[]
  /** An agent as of one process, closed when the test has ended. */
  agent(options?: AgentOptions): Agent
}

export async function anAgentWorld(
  options: Parameters<typeof controlApp>[0] = {},
): Promise<AgentWorld> {
  const control = await controlApp(options)
  const errors: UsageFlowError[] = []
  return {
    ...{ control, errors },
    agent(options = {}) {
      const agent = new Agent({
        ...{ apiKey: 'all-key', baseUrl: `http://127.0.0.1:${control.port}`, application: 'shop' },
        onError: (error) => errors.push(error),
        ...options,
      })
      onTestFinished(() => agent.close(1))
      return agent
    },
  }
}

/** A request of a customer. */
export const aRequest = (customerId = 'ann', more: Partial<Incoming> = {}): Incoming => ({
  ...{ method: 'GET', target: '/api/users', headers: { 'x-user-id': customerId } },
  ...more,
})

/** How a host answers, by a number; 200 for what passes. */
export async function statusOf(agent: Agent, incoming = aRequest()): Promise<number> {
  const begun: Begun | null = await agent.guard([{ method: '*', url: '*' }]).begin(incoming)
  const status = begun?.refusal?.status ?? 200
  const sizes = { requestBytes: 0, responseBytes: 0 }
  begun?.end({ ...sizes, status, route: '/api/users', headers: {} })
  return status
}
