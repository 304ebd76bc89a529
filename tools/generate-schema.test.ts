import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withClient } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { testDatabase } from '../apps/server/src/platform/db/test-db.ts'
import { schemaSource } from './generate-schema.ts'

test('the types of the tables are those of the migrations: else run `npm run generate`', async () => {
  const file = path.join(import.meta.dirname, '../apps/server/src/platform/db/schema.gen.ts')
  const { url } = await testDatabase()
  expect(readFileSync(file, 'utf8')).toBe(await schemaSource(url))
})

test('a column of a type that has no place yet fails the generation, and is named', async () => {
  const { url } = await testDatabase()
  await withClient(url, (client) => client.query('create table odd (area point)'))
  await expect(schemaSource(url)).rejects.toThrow(/odd\.area/)
})
