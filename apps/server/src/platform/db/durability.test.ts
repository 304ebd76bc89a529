import { expect, inject, test } from 'vitest'
import { assertDurable } from './durability.ts'
import { withClient } from './embedded-postgres/probe.ts'

test('a database that may lose what it acknowledged is refused, naming every weak setting', async () => {
  await withClient(inject('testServerUrl'), async (client) => {
    await client.query('set synchronous_commit = off')
    await expect(assertDurable(client)).rejects.toThrow(
      /fsync = off, full_page_writes = off, synchronous_commit = off/,
    )
  })
})
