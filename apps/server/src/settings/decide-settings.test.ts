import { describe, expect } from 'vitest'
import { anEnvironment, inOwnTransaction, dbTest as test } from '../platform/db/test-db.ts'
import { NUMBER_PATTERN } from './billing-settings.ts'
import { billingSettings, decideSettings } from './decide-settings.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('the settings of billing', () => {
  test('are those of the organization until somebody has decided', async ({ tx }) => {
    const envId = await anEnvironment(tx)
    expect(await billingSettings(tx, envId)).toMatchObject({
      sellerName: 'Test',
      numberPattern: NUMBER_PATTERN,
      language: 'en',
      logo: null,
    })
  })

  test('keep what is not changed, and belong to one environment', async ({ tx }) => {
    const [envId, other] = [await anEnvironment(tx), await anEnvironment(tx)]
    await decideSettings(tx, envId, { sellerName: 'CloudAI', logo: PNG }, NOW)
    await decideSettings(tx, envId, { language: 'de' }, NOW)
    const settings = await billingSettings(tx, envId)
    expect(settings).toMatchObject({ sellerName: 'CloudAI', language: 'de' })
    expect(settings.logo?.equals(PNG)).toBe(true)
    expect((await billingSettings(tx, other)).sellerName).toBe('Test')
    await decideSettings(tx, envId, { logo: null }, NOW)
    expect((await billingSettings(tx, envId)).logo).toBeNull()
  })

  test.each([
    ['a pattern without a number', { numberPattern: 'INV' }, 'settings.pattern_impossible'],
    ['a zone that does not exist', { timeZone: 'Mars/Olympus' }, 'settings.time_zone_unknown'],
    ['a logo that is no image', { logo: Buffer.from('<svg/>') }, 'settings.logo_impossible'],
    [
      'a logo that is too large',
      { logo: Buffer.concat([PNG, Buffer.alloc(300_000)]) },
      'settings.logo_impossible',
    ],
  ])('refuse %s', async (_what, changes, code) => {
    await expect(decide(changes)).rejects.toMatchObject({ code })
  })

  async function decide(changes: Parameters<typeof decideSettings>[2]): Promise<void> {
    await inOwnTransaction(async (tx) => {
      await decideSettings(tx, await anEnvironment(tx), changes, NOW)
    })
  }
})
