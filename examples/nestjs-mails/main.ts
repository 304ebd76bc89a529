// An API that sends mails. Of metering, limits and billing it knows the lines that are marked.
import 'reflect-metadata'
import {
  BadRequestException,
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Module,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { UsageFlowModule, type UsageFlowRequest } from '@usageflow/nestjs' // (1)
import { type Mail, readMail, send } from './mailer.ts'

type ApiRequest = {
  readonly headers: { readonly authorization?: string }
  customerId?: string
  usageflow?: UsageFlowRequest
}

/** In your service: a table of keys, or what issues your tokens. */
const CUSTOMERS = new Map([
  ['demo-key-of-ann', 'ann'],
  ['demo-key-of-bob', 'bob'],
])

class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ApiRequest>()
    const [, key = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const customerId = CUSTOMERS.get(key)
    if (customerId === undefined)
      throw new UnauthorizedException('Send Authorization: Bearer, and your key.')
    request.customerId = customerId
    return true
  }
}

@Controller('v1/mails')
@UseGuards(KeyGuard)
class MailsController {
  @Post()
  @HttpCode(202)
  async send(@Body() body: unknown, @Req() request: ApiRequest) {
    const mail: Mail | null = readMail(body)
    if (mail === null) throw new BadRequestException('Send to, with an address, and text.')
    request.usageflow = { metadata: { campaign: mail.campaign } } // (2) kept with each usage event
    return send(mail)
  }
}

@Controller('health')
class HealthController {
  @Get()
  health() {
    return { ok: true }
  }
}

@Module({
  imports: [
    // (3) Reads USAGEFLOW_URL and USAGEFLOW_API_KEY.
    UsageFlowModule.forRoot({
      application: 'mails',
      routes: [{ method: '*', url: '/v1/*' }],
      // (4) Who is calling is what the guard has checked, not what a client says.
      claims: (request: ApiRequest) => ({ sub: request.customerId }),
    }),
  ],
  controllers: [MailsController, HealthController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] })
app.enableShutdownHooks() // (5) sends what was measured in the last second
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
