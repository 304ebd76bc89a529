import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { APP_FILTER, APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core'
import { ClaimsInterceptor } from './claims-interceptor.ts'
import { RefusedFilter } from './refused-exception.ts'
import { type UsageFlowModuleOptions, UsageFlowService } from './usage-flow-service.ts'

export type UsageFlowModuleAsyncOptions = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<UsageFlowModuleOptions>, 'inject' | 'useFactory'>

/**
 * UsageFlow for NestJS: limits, meters and reports what comes to an application over HTTP, on Express and on Fastify.
 * Imported once, in the root module.
 */
export class UsageFlowModule implements NestModule, OnApplicationShutdown {
  readonly #service: UsageFlowService
  readonly #host: HttpAdapterHost

  constructor(service: UsageFlowService, host: HttpAdapterHost) {
    this.#service = service
    this.#host = host
  }

  /** Throws, when the application starts, for patterns and limits that make no sense, and for nothing else. */
  static forRoot(options: UsageFlowModuleOptions = {}): DynamicModule {
    return UsageFlowModule.forRootAsync({ useFactory: () => options })
  }

  /** The same with options that are made of what is injected, like a configuration. */
  static forRootAsync({ imports, inject, useFactory }: UsageFlowModuleAsyncOptions): DynamicModule {
    return {
      module: UsageFlowModule,
      global: true,
      imports: imports ?? [],
      providers: [
        { provide: OPTIONS, useFactory, inject: inject ?? [] },
        {
          provide: UsageFlowService,
          useFactory: (options: UsageFlowModuleOptions) => new UsageFlowService(options),
          inject: [OPTIONS],
        },
        {
          provide: APP_INTERCEPTOR,
          useFactory: (service: UsageFlowService) => new ClaimsInterceptor(service),
          inject: [UsageFlowService],
        },
        { provide: APP_FILTER, useClass: RefusedFilter },
      ],
      exports: [UsageFlowService],
    }
  }

  /** Behind the parsers of bodies and what `main.ts` uses, before the middlewares of modules: so guards come later, and 404 counts. */
  async configure(): Promise<void> {
    await this.#service.attach(this.#host.httpAdapter)
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#service.close()
  }
}

const OPTIONS = Symbol('@usageflow/nestjs options')

// By hand what decorators would do: they are no part of the language yet.
Module({})(UsageFlowModule)
Inject(UsageFlowService)(UsageFlowModule, undefined, 0)
Inject(HttpAdapterHost)(UsageFlowModule, undefined, 1)
