import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import type { Decision } from '@usageflow/core/node'

type Refusal = NonNullable<Decision>

/** Of Express or Fastify. */
type HostResponse = {
  status(status: number): unknown
  header(name: string, value: string): unknown
  send(body: Buffer): unknown
}

/** Thrown for a refusal, so that filters see it as any other. */
export class RefusedException extends HttpException {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(JSON.parse(refusal.body), refusal.status)
    this.refusal = refusal
  }
}

/** Answers where no other filter does: NestJS would change the content type of a problem, and warn of it. */
export class RefusedFilter implements ExceptionFilter<RefusedException> {
  catch({ refusal }: RefusedException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<HostResponse>()
    response.status(refusal.status)
    for (const [name, value] of Object.entries(refusal.headers)) response.header(name, value)
    response.send(Buffer.from(refusal.body)) // as it is: to a text both would add a charset
  }
}

Catch(RefusedException)(RefusedFilter)
