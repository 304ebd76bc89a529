import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../config.ts'
import { environmentOf, findOrganization } from '../identity/create-organization.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/db/embedded-postgres/embedded-postgres.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { silentLog } from '../platform/log.ts'
import { writeMail } from '../platform/mail/mail.ts'
import { createSealer, newEncryptionKey, parseEncryptionKeys } from '../platform/secrets/seal.ts'
import { runCommandLine } from './program.ts'
import { withDatabase } from './with-database.ts'

const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-cli-'))
let postgres: EmbeddedPostgres | undefined

// As it is beside a running server, whose PostgreSQL the commands join.
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataFolder, log: silentLog() })
})

afterAll(async () => {
  await postgres?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

type Said = { readonly exitCode: number; readonly out: string; readonly err: string }

/** Runs a command of the program in this process. */
async function usageflow(...words: string[]): Promise<Said> {
  const said = { out: '', err: '' }
  const { stdout, stderr } = process
  const [write, complain] = [stdout.write, stderr.write]
  stdout.write = (text: unknown) => {
    said.out += String(text)
    return true
  }
  stderr.write = (text: unknown) => {
    said.err += String(text)
    return true
  }
  try {
    const exitCode = await runCommandLine([...words, '--data', dataFolder])
    return { exitCode, ...said }
  } finally {
    stdout.write = write
    stderr.write = complain
  }
}

async function json(...words: string[]) {
  const { exitCode, out, err } = await usageflow(...words, '--json')
  expect(err).toBe('')
  expect(exitCode).toBe(0)
  expect(out.trimEnd()).not.toContain('\n') // one line, and nothing else, so that programs can read it
  return JSON.parse(out)
}

describe('usageflow org', () => {
  test('makes and lists organizations', async () => {
    const made = await json('org', 'create', 'CloudAI', '--test-clock', '2026-03-01T09:00:00Z')
    expect(made).toEqual({ id: expect.stringMatching(/^org_[0-9a-z]{26}$/), name: 'CloudAI' })
    const listed = await json('org', 'list')
    expect(listed).toContainEqual({ ...made, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) })
    const { out } = await usageflow('org', 'list')
    expect(out).toMatch(new RegExp(`${made.id} +CloudAI +\\d{4}-`))
  })

  test.each([
    ['no name', ['org', 'create', ''], 'Give a name of 1 to 200 characters'],
    ['no instant', ['org', 'create', 'A', '--test-clock', 'soon'], 'Give an instant like'],
    ['no command', ['org', 'remove', 'A'], "unknown command 'remove'"],
  ])('says in a sentence what is wrong: %s', async (_what, words, text) => {
    const { exitCode, out, err } = await usageflow(...words)
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(err).toContain(text)
    expect(err).not.toContain('    at ')
  })
})

describe('usageflow key', () => {
  test('makes, lists, rotates and revokes keys, and shows each once', async () => {
    const org = await json('org', 'create', 'Keys')
    const first = await json(
      'key',
      'create',
      org.id,
      '--mode',
      'test',
      '--name',
      'ci',
      '--scopes',
      'usage:write, usage:read',
    )
    expect(first).toEqual({
      id: expect.stringMatching(/^key_/),
      key: expect.stringMatching(/^uf_test_\w{38}$/),
    })

    const second = await json('key', 'rotate', 'Keys', first.id, '--grace', '1')
    expect(second.key).toMatch(/^uf_test_/)
    expect(second.id).not.toBe(first.id)
    expect(await json('key', 'revoke', 'Keys', second.id)).toEqual({ id: second.id, revoked: true })

    const keys = await json('key', 'list', 'Keys')
    expect(keys).toEqual([
      {
        id: first.id,
        name: 'ci',
        prefix: first.key.slice(0, 12),
        lastFour: first.key.slice(-4),
        scopes: ['usage:write', 'usage:read'],
        createdAt: expect.any(String),
        lastUsedAt: null,
        expiresAt: expect.any(String),
        revokedAt: null,
      },
      expect.objectContaining({ id: second.id, expiresAt: null, revokedAt: expect.any(String) }),
    ])
    expect(Date.parse(keys[0].expiresAt) - Date.parse(keys[1].createdAt)).toBe(3_600_000)
    const { out } = await usageflow('key', 'list', 'Keys')
    for (const { key } of [first, second]) {
      expect(JSON.stringify(keys)).not.toContain(key)
      expect(out).not.toContain(key)
    }
    expect(out).toMatch(new RegExp(`${first.id} .* until `))
    expect(out).toMatch(new RegExp(`${second.id} .* revoked `))
  })

  test('makes a key for the live environment that may do everything unless told otherwise', async () => {
    const org = await json('org', 'create', 'Defaults')
    const { key } = await json('key', 'create', org.id)
    expect(key).toMatch(/^uf_live_/)
    const [listed] = await json('key', 'list', org.id)
    expect(listed.scopes).toContain('clock:write')
    expect(listed.prefix).toMatch(/^uf_live_/)
  })

  test.each([
    ['an unknown organization', ['key', 'create', 'Nobody'], 'There is no organization "Nobody"'],
    [
      'an unknown scope',
      ['key', 'create', 'Wrong', '--scopes', 'usage:all'],
      'There is no scope "usage:all"',
    ],
    ['no scope', ['key', 'create', 'Wrong', '--scopes', ','], 'at least one'],
    ['an unknown key', ['key', 'revoke', 'Wrong', 'key_none'], 'There is no API key "key_none"'],
    [
      'a third environment',
      ['key', 'create', 'Wrong', '--mode', 'staging'],
      'Allowed choices are live, test',
    ],
    [
      'a grace without end',
      ['key', 'rotate', 'Wrong', 'key_none', '--grace', 'forever'],
      'Give whole hours',
    ],
  ])('says in a sentence what is wrong: %s', async (_what, words, text) => {
    const { id } = await json('org', 'create', 'Wrong')
    const { exitCode, out, err } = await usageflow(
      ...words.map((word) => (word === 'Wrong' ? id : word)),
    )
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(err).toContain(text)
    expect(err).not.toContain('    at ')
  })
})

describe('the log of changes', () => {
  test('tells what was done at the command line, by whom, and no key', async () => {
    const org = await json('org', 'create', 'Noted')
    const { id, key } = await json('key', 'create', org.id, '--mode', 'test')
    await json('key', 'list', org.id)
    const { id: successor } = await json('key', 'rotate', org.id, id)
    await json('key', 'revoke', org.id, successor)
    await usageflow('org', 'unknown-meters', org.id, 'test', 'refuse')
    await usageflow('key', 'revoke', org.id, 'key_none') // refused: it leaves nothing
    const entries = await withDatabase(readConfig({ USAGEFLOW_DATA: dataFolder }), async (tx) =>
      tx
        .selectFrom('audit_entries')
        .where('organization_id', '=', org.id)
        .select(['action', 'actor_kind', 'actor_id', 'target', 'detail'])
        .orderBy('id')
        .execute(),
    )
    expect(entries.map(({ action, target }) => [action, target])).toEqual([
      ['usageflow org create', org.id],
      ['usageflow key create', id],
      ['usageflow key list', null],
      ['usageflow key rotate', id],
      ['usageflow key revoke', successor],
      ['usageflow org unknown-meters', null],
    ])
    for (const { actor_kind: kind, actor_id: name } of entries)
      expect([kind, name]).toEqual(['operator', os.userInfo().username])
    expect(JSON.stringify(entries)).not.toContain(key)
  })
})

describe('usageflow recount', () => {
  const asked = ['--customer', 'ann', '--from', '2026-03-01', '--to', '2026-03-02'] as const

  test('says what it has put right', async () => {
    await json('org', 'create', 'Recounted')
    const { envId } = await withDatabase(readConfig({ USAGEFLOW_DATA: dataFolder }), async (tx) =>
      environmentOf(tx, (await findOrganization(tx, 'Recounted')).id, 'live'),
    )
    const { url } = postgres ?? { url: '' }
    await withClient(url, async (client) => {
      await client.query(
        `insert into meters (env_id, id, key, name, unit, event_name, aggregation, created_at, live_from, backfilled_at)
         values ($1, 'mtr_1', 'CALLS', 'Calls', '', 'CALL', 'COUNT', now(), 0, now())`,
        [envId],
      )
      await client.query(
        `insert into usage_rollups (env_id, meter_no, customer, hour, dimension, events, not_counted, sum)
         select env_id, meter_no, 'ann', '2026-03-01T10:00:00Z', '', 3, 0, 0 from meters where env_id = $1`,
        [envId],
      )
    })
    const { out } = await usageflow('recount', 'Recounted', 'CALLS', ...asked)
    expect(out).toBe('2026-03-01T10:00:00.000Z was wrong, and was counted anew.\n')
    expect(await json('recount', 'Recounted', 'CALLS', ...asked)).toEqual({ repaired: [] })
  })

  test('names what it does not know', async () => {
    const { exitCode, err } = await usageflow('recount', 'Recounted', 'NOTHING', ...asked)
    expect([exitCode, err]).toEqual([1, expect.stringContaining('NOTHING')])
    const backwards = ['--customer', 'ann', '--from', '2026-03-02', '--to', '2026-03-01']
    const refused = await usageflow('recount', 'Recounted', 'CALLS', ...backwards)
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('--from')])
  })
})

describe('usageflow reseal', () => {
  const reseal = (keys: string) => {
    vi.stubEnv('USAGEFLOW_ENCRYPTION_KEY', keys)
    return usageflow('reseal')
  }
  afterEach(() => vi.unstubAllEnvs())

  test('says that nothing is under another key than the first', async () => {
    const out = 'Everything is sealed under the first key: the others are needed no more.\n'
    expect(await usageflow('reseal')).toEqual({ exitCode: 0, out, err: '' })
    expect(await json('reseal')).toContainEqual({ what: 'messages', resealed: 0, lost: [] })
  })

  test('seals anew what is under another, and names what no key opens', async () => {
    const [early, late] = [newEncryptionKey(), newEncryptionKey()]
    await withDatabase(readConfig({ USAGEFLOW_DATA: dataFolder }), (tx, systemNow) => {
      const sealer = createSealer(...parseEncryptionKeys(early))
      return writeMail(tx, { to: 'a@example.com', subject: 'a', text: 'b' }, { sealer, systemNow })
    })
    const without = await reseal(late)
    expect(without).toMatchObject({ exitCode: 1, out: '' })
    expect(without.err).toMatch(
      /^usageflow: no key of USAGEFLOW_ENCRYPTION_KEY opens: mail mail_\w+\. Give the key that they were sealed with, too\.\n$/,
    )
    const { exitCode, out } = await reseal(`${late},${early}`)
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^1 +messages$/m)
    expect(out).toMatch(/^Everything is sealed under the first key/m)
    expect((await reseal(late)).exitCode).toBe(0)
  })

  test('refuses a key that is none by a sentence', async () => {
    const { exitCode, err } = await reseal(`${newEncryptionKey()},secret`)
    expect(exitCode).toBe(1)
    expect(err).toMatch(
      /^usageflow: USAGEFLOW_ENCRYPTION_KEY must be 32 bytes, in base64 or hex; .*\n$/,
    )
  })
})
