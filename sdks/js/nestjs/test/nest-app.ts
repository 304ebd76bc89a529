import 'reflect-metadata'
import {
  Body,
  type CanActivate,
  Controller,
  type DynamicModule,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  Module,
  Param,
  Post,
  Req,
  Res,
  Sse,
  UnauthorizedException,
  UseGuards,
  VersioningType,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { of } from 'rxjs'
import { UsageFlowModule, type UsageFlowModuleOptions, UsageFlowService } from '../src/index.ts'

type HostRequest = {
  readonly headers: Readonly<Record<string, string | undefined>>
  user?: object
  usageflow?: object
}

/** Knows who is calling by a token that is only a name. */
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HostRequest>()
    const sub = request.headers.authorization
    if (sub === undefined) throw new UnauthorizedException()
    request.user = { sub }
    return true
  }
}

class Things {
  one(id: string, request: HostRequest): object {
    request.usageflow = { metadata: { team: 'red' } }
    return { id, usage: { total: 5 } }
  }

  add(body: object): object {
    return body
  }

  teapot(): never {
    throw new HttpException('short and stout', 418)
  }

  breaks(): never {
    throw new Error('expected')
  }

  events(): unknown {
    return of({ data: { n: 1 } }, { data: { usage: { total: 7 } } })
  }

  raw(response: { raw?: NodeJS.WritableStream; hijack?(): void } & NodeJS.WritableStream): void {
    response.hijack?.()
    ;(response.raw ?? response).end('by hand')
  }

  guarded(): string {
    return 'fine'
  }
}

/** What decorators do to a method, without a syntax that is no part of the language yet. */
function route(method: keyof Things, verb: MethodDecorator, ...params: ParameterDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(Things.prototype, method)
  if (descriptor !== undefined) verb(Things.prototype, method, descriptor)
  for (const [at, param] of params.entries()) param(Things.prototype, method, at)
}

Controller({ path: 'things', version: '1' })(Things)
route('one', Get(':id'), Param('id'), Req())
route('add', Post(), Body())
route('teapot', Get('is/a/teapot'))
route('breaks', Get('that/breaks'))
route('events', Sse('live/events'))
route('raw', Get('by/hand'), Res())
route('guarded', Get('with/guard'))
UseGuards(TokenGuard)(
  Things.prototype,
  'guarded',
  Object.getOwnPropertyDescriptor(Things.prototype, 'guarded') ?? {},
)

class AppModule {}

function moduleWith(options: UsageFlowModuleOptions, isAsync: boolean): DynamicModule {
  const usageFlow = isAsync
    ? UsageFlowModule.forRootAsync({ useFactory: async () => options })
    : UsageFlowModule.forRoot(options)
  return { module: AppModule, imports: [usageFlow], controllers: [Things] }
}

Module({})(AppModule)

export type Started = Pick<INestApplication, 'close' | 'getHttpServer'>

/** An application that listens: `/api/v1/things/…`. */
export async function start(
  kind: 'express' | 'fastify',
  options: UsageFlowModuleOptions,
  isAsync = false,
): Promise<Started> {
  const root = moduleWith(options, isAsync)
  const app =
    kind === 'fastify'
      ? await NestFactory.create(root, new FastifyAdapter(), { logger: false })
      : await NestFactory.create(root, { logger: false })
  app.setGlobalPrefix('api')
  app.enableVersioning({ type: VersioningType.URI })
  await app.listen(0, '127.0.0.1')
  return app
}

/** A context without HTTP, in which usage is only tracked. */
export async function trackAlone(options: UsageFlowModuleOptions): Promise<void> {
  const context = await NestFactory.createApplicationContext(moduleWith(options, false), {
    logger: false,
  })
  context.get(UsageFlowService).track({ name: 'JOB_RUN', customerId: 'ann' })
  await context.close()
}
