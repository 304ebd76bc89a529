import type { IncomingMessage } from 'node:http'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import type { Decision } from '@usageflow/core/node'
import { RefusedException } from './refused-exception.ts'
import type { UsageFlowService } from './usage-flow-service.ts'

type Handled = ReturnType<CallHandler['handle']>

/** Behind all guards: by then the one that checks tokens has said who is calling. */
export class ClaimsInterceptor implements NestInterceptor {
  readonly #service: UsageFlowService

  constructor(service: UsageFlowService) {
    this.#service = service
  }

  intercept(context: ExecutionContext, next: CallHandler): Handled | Promise<Handled> {
    if (context.getType() !== 'http') return next.handle()
    const request = rawOf(context.switchToHttp().getRequest())
    const go = (decision: Decision) => {
      if (decision !== null) throw new RefusedException(decision)
      return next.handle()
    }
    const decided = this.#service.knowClaims(request)
    return decided instanceof Promise ? decided.then(go) : go(decided)
  }
}

/** Of Node; what Fastify makes of it holds it. */
function rawOf(request: IncomingMessage & { readonly raw?: IncomingMessage }): IncomingMessage {
  return request.raw ?? request
}
