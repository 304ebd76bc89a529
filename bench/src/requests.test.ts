import { expect, test } from 'vitest'
import { buildTemplate, type RequestShape, renewKeys, type Template } from './requests.ts'

const BATCH: RequestShape = {
  path: '/api/v1/events',
  port: 80,
  apiKey: 'k',
  eventsPerRequest: 200,
  repeatShare: 0,
  keyPrefix: 'load',
}

function keysOf(template: Template): string[] {
  const text = template.bytes.toString()
  return [...text.matchAll(/load-\d{6}-\d{8}/g)].map(([key]) => key)
}

test('a request says truly how long it is, and its body is JSON', () => {
  for (const path of ['/api/track', '/api/v1/events'] as const) {
    const text = buildTemplate({ ...BATCH, path }, 3).bytes.toString()
    const body = text.slice(text.indexOf('\r\n\r\n') + 4)
    expect(text).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\n`)
    expect(JSON.parse(body)).toBeTruthy()
  }
})

test('no key is sent twice, over rounds and requests', () => {
  const templates = [buildTemplate(BATCH, 0), buildTemplate(BATCH, 1)]
  const keys = [1, 2, 3].flatMap(() =>
    templates.flatMap((template) => {
      renewKeys(template, 0)
      return keysOf(template)
    }),
  )
  expect(new Set(keys).size).toBe(3 * 2 * 200)
})

test('a repeat has the key of the round before and the same content', () => {
  const template = buildTemplate(BATCH, 0)
  const seen = new Map<string, string>()
  const repeats = [1, 2, 3].map(() => {
    renewKeys(template, 0.01)
    const text = template.bytes.toString()
    const events: { idempotencyKey: string }[] = JSON.parse(text.slice(text.indexOf('[')))
    return events.filter((event) => {
      const known = seen.get(event.idempotencyKey)
      seen.set(event.idempotencyKey, JSON.stringify(event))
      return known === JSON.stringify(event)
    }).length
  })
  expect(repeats).toEqual([0, 2, 2])
  expect(seen.size).toBe(3 * 200 - 4)
})
