import { describe, expect, test } from 'vitest'
import { dbTest, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { hashOfKey, modeOfKey } from './api-key.ts'
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './create-api-key.ts'
import {
  chooseUnknownMeters,
  createOrganization,
  environmentOf,
  findOrganization,
  listOrganizations,
} from './create-organization.ts'
import { aKey, anOrganization, NOW } from './test-keys.ts'

const HOUR_MS = 3_600_000
const later = (ms: number) => new Date(NOW.getTime() + ms)

describe('an organization', () => {
  dbTest('has a live and a test environment, each with its clock', async ({ tx }) => {
    const testClock = new Date('2024-02-29T00:00:00Z')
    const made = await createOrganization(tx, { name: 'Acme', systemNow: NOW, testClock })
    expect(made.liveEnvId).not.toBe(made.testEnvId)
    expect(await environmentNow(tx, made.liveEnvId, NOW)).toEqual(NOW)
    expect(await environmentNow(tx, made.testEnvId, NOW)).toEqual(testClock)
    expect(await environmentNow(tx, made.testEnvId, later(HOUR_MS))).toEqual(
      new Date('2024-02-29T01:00:00Z'),
    )
    expect(await environmentOf(tx, made.organizationId, 'live')).toEqual({
      envId: made.liveEnvId,
      mode: 'live',
      organizationId: made.organizationId,
    })
  })

  dbTest('is found by id, and by name as long as the name is its own', async ({ tx }) => {
    const make = (name: string) => createOrganization(tx, { name, systemNow: NOW })
    const { organizationId } = await make('Acme')
    expect(await findOrganization(tx, 'Acme')).toMatchObject({ id: organizationId })
    expect(await findOrganization(tx, organizationId)).toMatchObject({ name: 'Acme' })
    await expect(findOrganization(tx, 'acme')).rejects.toMatchObject({
      code: 'organization.unknown',
    })

    const twin = await make('Acme')
    await expect(findOrganization(tx, 'Acme')).rejects.toMatchObject({
      code: 'organization.ambiguous',
    })
    expect(await findOrganization(tx, twin.organizationId)).toMatchObject({ name: 'Acme' })

    await make(organizationId) // a name that is the id of another
    expect(await findOrganization(tx, organizationId)).toMatchObject({ name: 'Acme' })
    expect((await listOrganizations(tx)).map(({ name }) => name)).toEqual([
      'Acme',
      'Acme',
      organizationId,
    ])
  })

  dbTest.for(['', ' ', 'x'.repeat(201), 'a\0b', '\ud800'])(
    'cannot be called %j',
    async (name, { tx }) => {
      const made = createOrganization(tx, { name, systemNow: NOW })
      await expect(made).rejects.toMatchObject({ code: 'name.malformed' })
    },
  )

  test('chooses for each environment what happens to events that no meter reads', async () => {
    const { live, test: testing } = await anOrganization()
    await inOwnTransaction((tx) => chooseUnknownMeters(tx, testing, 'refuse'))
    const { database } = await testDatabase()
    const rows = await database.kysely
      .selectFrom('environments')
      .where('env_id', 'in', [live.envId, testing.envId])
      .select(['mode', 'unknown_meters'])
      .orderBy('mode')
      .execute()
    expect(rows).toEqual([
      { mode: 'live', unknown_meters: 'store' },
      { mode: 'test', unknown_meters: 'refuse' },
    ])
  })
})

describe('a key', () => {
  test('is kept nowhere, in no form that leads back to it', async () => {
    const { live } = await anOrganization()
    const { id, key } = await aKey(live)
    expect(modeOfKey(key)).toBe('live')
    const { database } = await testDatabase()
    const row = await database.kysely
      .selectFrom('api_keys')
      .where('id', '=', id)
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(row.hash.equals(hashOfKey(key))).toBe(true)
    const { hash: _, ...visible } = row
    const secret = key.slice('uf_live_'.length)
    const shown = row.prefix.slice('uf_live_'.length) + row.last_four
    expect(JSON.stringify(visible)).not.toContain(secret.slice(0, 8))
    expect(shown).toHaveLength(8)
    expect(secret).toMatch(new RegExp(`^${shown.slice(0, 4)}.*${row.last_four}$`))
  })

  dbTest('may do what it was made for, once said', async ({ tx }) => {
    const { organizationId } = await createOrganization(tx, { name: 'Acme', systemNow: NOW })
    const live = await environmentOf(tx, organizationId, 'live')
    const scopes = ['usage:write', 'usage:read', 'usage:write']
    await createApiKey(tx, live, { name: 'k', scopes, systemNow: NOW })
    expect((await listApiKeys(tx, organizationId))[0]?.scopes).toEqual([
      'usage:write',
      'usage:read',
    ])
  })

  dbTest.for([
    [{ name: '', scopes: ['usage:read'] }, 'name.malformed'],
    [{ name: 'k', scopes: [] }, 'key.scopes_missing'],
    [{ name: 'k', scopes: ['usage:read', 'keys:write'] }, 'key.scope_unknown'],
    [{ name: 'k', scopes: ['*'] }, 'key.scope_unknown'],
    [{ name: 'k', scopes: ['constructor'] }, 'key.scope_unknown'],
  ] as const)('is not made from %j', async ([input, code], { tx }) => {
    const { organizationId } = await createOrganization(tx, { name: 'Acme', systemNow: NOW })
    const live = await environmentOf(tx, organizationId, 'live')
    const made = createApiKey(tx, live, { ...input, systemNow: NOW })
    await expect(made).rejects.toMatchObject({ code })
  })

  test('belongs to one organization: another cannot list, rotate or revoke it', async () => {
    const [mine, other] = [await anOrganization(), await anOrganization('Other')]
    const { id } = await aKey(mine.live)
    const { organizationId } = other
    await inOwnTransaction(async (tx) => {
      expect(await listApiKeys(tx, organizationId)).toEqual([])
      const unknown = { code: 'key.unknown' }
      const input = { graceMs: 0, systemNow: NOW }
      await expect(rotateApiKey(tx, organizationId, id, input)).rejects.toMatchObject(unknown)
      await expect(revokeApiKey(tx, organizationId, id, NOW)).rejects.toMatchObject(unknown)
      await expect(revokeApiKey(tx, 'org_none', id, NOW)).rejects.toMatchObject(unknown)
      await expect(revokeApiKey(tx, mine.organizationId, 'key_none', NOW)).rejects.toMatchObject(
        unknown,
      )
    })
    const [key] = await inOwnTransaction((tx) => listApiKeys(tx, mine.organizationId))
    expect(key).toMatchObject({ id, revokedAt: null, expiresAt: null })
  })
})

describe('rotation', () => {
  const rotate = (organizationId: string, keyId: string, at = NOW) =>
    inOwnTransaction((tx) =>
      rotateApiKey(tx, organizationId, keyId, { graceMs: 24 * HOUR_MS, systemNow: at }),
    )

  test('makes a successor that may do the same, and lets the old key live for the grace', async () => {
    const { organizationId, test: testing } = await anOrganization()
    const old = await aKey(testing, ['usage:read', 'billing:read'])
    const made = await rotate(organizationId, old.id)
    expect(made.key).not.toBe(old.key)
    expect(modeOfKey(made.key)).toBe('test')
    const keys = await inOwnTransaction((tx) => listApiKeys(tx, organizationId))
    const [first, second] = [old.id, made.id].map((id) => keys.find((key) => key.id === id))
    expect(first).toMatchObject({ expiresAt: later(24 * HOUR_MS), revokedAt: null })
    expect(second).toMatchObject({
      envId: testing.envId,
      name: 'test',
      scopes: ['usage:read', 'billing:read'],
      expiresAt: null,
    })
  })

  test('has one successor, of 64 that are asked for at once', async () => {
    const { organizationId, live } = await anOrganization()
    const { id } = await aKey(live)
    const rotations = Array.from({ length: 64 }, () =>
      rotate(organizationId, id).then(
        () => 'made',
        (error) => error.code,
      ),
    )
    const ends = await Promise.all(rotations)
    expect(ends.filter((end) => end === 'made')).toHaveLength(1)
    expect(ends.filter((end) => end === 'key.rotated')).toHaveLength(63)
    expect(await inOwnTransaction((tx) => listApiKeys(tx, organizationId))).toHaveLength(2)
  })

  test('does not bring a key back that was revoked or has expired', async () => {
    const { organizationId, live } = await anOrganization()
    const [revoked, expired] = [await aKey(live), await aKey(live)]
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, revoked.id, NOW))
    await rotate(organizationId, expired.id)
    const ended = { code: 'key.ended' }
    await expect(rotate(organizationId, revoked.id)).rejects.toMatchObject(ended)
    await expect(rotate(organizationId, expired.id, later(25 * HOUR_MS))).rejects.toMatchObject(
      ended,
    )
  })

  test('that races with a revocation leaves the old key revoked, whoever is first', async () => {
    const { organizationId, live } = await anOrganization()
    for (let round = 0; round < 20; round++) {
      const { id } = await aKey(live)
      await Promise.allSettled([
        rotate(organizationId, id),
        inOwnTransaction((tx) => revokeApiKey(tx, organizationId, id, NOW)),
      ])
      const keys = await inOwnTransaction((tx) => listApiKeys(tx, organizationId))
      expect(keys.find((key) => key.id === id)?.revokedAt).toEqual(NOW)
    }
  })
})

test('revoking a key twice keeps the first time', async () => {
  const { organizationId, live } = await anOrganization()
  const { id } = await aKey(live)
  for (const at of [NOW, later(HOUR_MS)])
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, id, at))
  const [key] = await inOwnTransaction((tx) => listApiKeys(tx, organizationId))
  expect(key?.revokedAt).toEqual(NOW)
})
