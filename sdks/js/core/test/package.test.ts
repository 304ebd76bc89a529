import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Consumer, ROOT } from './packed.ts'

const consumer = new Consumer()

beforeAll(() => consumer.install(['core']))

afterAll(() => consumer.remove())

const USE = `
const client = new UsageFlow({ apiKey: 'k', baseUrl: 'http://127.0.0.1:1', onError: () => {} })
client.track({ name: 'API_CALL', customerId: 'a' })
const isOurs = client.stats().queued === 1 && new UsageFlowError('config', 'a', 'b') instanceof Error
client.close(1).then(({ dropped }) => console.log(isOurs, dropped))
`

test('is there for import and for require', () => {
  expect(
    consumer.node('use.mjs', `import { UsageFlow, UsageFlowError } from '@usageflow/core'${USE}`),
  ).toBe('true 1')
  expect(
    consumer.node(
      'use.cjs',
      `const { UsageFlow, UsageFlowError } = require('@usageflow/core')${USE}`,
    ),
  ).toBe('true 1')
})

const CONSUMER = `
const client = new UsageFlow({ apiKey: undefined, onError: ({ kind, event }) => void [kind, event?.amount] })
client.track({ metric: 'API_CALL', customerId: 'a', amount: '0.5', metadata: { model: 'large' } })
const answer: Promise<'recorded' | 'duplicate'> = client.send({ name: 'a', customerId: 'b' }).then(({ status }) => status)
const counts: Stats = client.stats()
// @ts-expect-error a typo costs no money
client.track({ name: 'API_CALL', customerId: 'a', amuont: 1 })
// @ts-expect-error an event has one name
client.track({ name: 'API_CALL', metric: 'API_CALL', customerId: 'a' })
export const kept = [answer, counts]
`

test('has types for both, which need none of Node or a browser', () => {
  const files = {
    'a.mts': `import { type Stats, UsageFlow } from '@usageflow/core'${CONSUMER}`,
    'b.cts': `import core = require('@usageflow/core')\ntype Stats = core.Stats\nconst { UsageFlow } = core${CONSUMER}`,
  }
  consumer.compile(files, { skipLibCheck: false, types: [] })
})

test('holds what it needs, brings nobody along, and reads no environment beside the two variables', () => {
  const { dependencies } = JSON.parse(consumer.read('core', 'package.json'))
  expect(dependencies).toBeUndefined()
  expect(consumer.list('core')).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  expect(consumer.read('core', 'LICENSE')).toBe(readFileSync(path.join(ROOT, 'LICENSE'), 'utf8'))
  const bundle = consumer.read('core', 'dist/index.mjs')
  expect(bundle).not.toMatch(/^import |\brequire\(/m)
  expect(bundle.match(/process\.env\b/g)).toHaveLength(1)
})
