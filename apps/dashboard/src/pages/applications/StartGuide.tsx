import { useEnvironment } from '../../api/environment.tsx'
import { Examples } from '../../ui/examples.tsx'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

/** How an application gets a package of ours, while there is none. */
export function StartGuide({ title }: { readonly title: string }) {
  const { paths } = useEnvironment()
  return (
    <EmptyState title={title}>
      Put a package of UsageFlow into your service, with a{' '}
      <PageLink to={paths.keys} isInText>
        key of this environment
      </PageLink>{' '}
      that has the scope control:report. Its routes are here as soon as it starts, and their traffic
      within seconds. Nothing is held back before a policy says so.
      <Examples examples={examplesOf(window.location.origin)} />
    </EmptyState>
  )
}

function examplesOf(origin: string): Readonly<Record<string, string>> {
  return {
    Express: `// npm install @usageflow/express
import { ExpressUsageFlowAPI } from '@usageflow/express'

const usageFlow = new ExpressUsageFlowAPI({ baseUrl: '${origin}' })
usageFlow.init('YOUR_API_KEY')

app.use(usageFlow.createMiddleware([{ method: '*', url: '*' }], [{ method: 'GET', url: '/health' }]))`,
    Fastify: `// npm install @usageflow/fastify
import { FastifyUsageFlowAPI } from '@usageflow/fastify'

const usageFlow = new FastifyUsageFlowAPI({ baseUrl: '${origin}' })
usageFlow.init('YOUR_API_KEY')

app.register(usageFlow.createPlugin([{ method: '*', url: '*' }], [{ method: 'GET', url: '/health' }]))`,
    NestJS: `// npm install @usageflow/nestjs
import { UsageFlowModule } from '@usageflow/nestjs'

@Module({
  imports: [
    UsageFlowModule.forRoot({
      apiKey: 'YOUR_API_KEY',
      baseUrl: '${origin}',
      routes: [{ method: '*', url: '*' }],
      whitelistRoutes: [{ method: 'GET', url: '/health' }],
    }),
  ],
})
export class AppModule {}`,
    FastAPI: `# pip install usageflow-fastapi
# export USAGEFLOW_URL=${origin}
from usageflow.fastapi import FastAPIUsageFlowAPI

usage_flow = FastAPIUsageFlowAPI()
usage_flow.init("YOUR_API_KEY")

middleware = usage_flow.request_interceptor(
    routes=[{"method": "*", "url": "*"}],
    whitelist_routes=[{"method": "GET", "url": "/health"}],
)
app.add_middleware(middleware)`,
    Flask: `# pip install usageflow-flask
# export USAGEFLOW_URL=${origin}
from usageflow.flask import FlaskUsageFlowAPI

usage_flow = FlaskUsageFlowAPI()
usage_flow.init("YOUR_API_KEY")

middleware = usage_flow.request_interceptor(
    routes=[{"method": "*", "url": "*"}],
    whitelist_routes=[{"method": "GET", "url": "/health"}],
)
middleware(app)`,
    Gin: `// go get -u github.com/usageflow/go
// export USAGEFLOW_URL=${origin}
usageAPI := usageflow.UsageFlowAPI{}
usageAPI.Init("YOUR_API_KEY")

routes := []usageflow.Route{{Method: "*", URL: "*"}}
whitelist := []usageflow.Route{{Method: "GET", URL: "/health"}}
app.Use(usageAPI.RequestInterceptor(routes, whitelist))`,
  }
}
