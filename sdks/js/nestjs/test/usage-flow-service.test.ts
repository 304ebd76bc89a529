import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { UsageFlowService } from '../src/index.ts'

const EXPRESS = { getType: () => 'express', getInstance: () => null, use: () => undefined }

test('what a provider tracks before there is a server is sent by the end of the application', async () => {
  const tracked: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (request.url?.endsWith('/events')) tracked.push(body)
    response.end(JSON.stringify({ results: [{ status: 'recorded', eventId: 'evt_1' }] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const service = new UsageFlowService({ apiKey: 'k', baseUrl, application: 'shop' })
  service.track({ name: 'JOB_RUN', customerId: 'ann' })
  await service.attach(EXPRESS)
  await service.close(10_000)
  expect(tracked.join()).toContain('JOB_RUN')
})
