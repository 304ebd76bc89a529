import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { inOwnTransaction } from '../db/test-db.ts'
import { route } from './route.ts'
import { KEY, serveForTest } from './test-app.ts'

describe('an answer that does not fit its own schema', () => {
  const broken = (body: unknown, status = 200) =>
    route({
      method: 'POST',
      path: '/api/broken',
      tag: 'Notes',
      summary: 'Broken',
      scope: 'usage:read',
      replies: { 200: z.object({ total: z.string() }) },
      async handle({ tx, caller }) {
        const fact = { id: `fact_${status}_${typeof body}`, type: 't', at: new Date(), data: '{}' }
        await tx
          .insertInto('facts')
          .values({ env_id: caller.envId, ...fact })
          .execute()
        return { status, body }
      },
    })

  test.each([
    ['a field of another type', broken({ total: 1 })],
    ['a status that is not declared', broken({ total: '1' }, 201)],
  ])('is never sent, and nothing of the request is kept: %s', async (_what, bad) => {
    const { send, envId } = await serveForTest([bad])
    const answer = await send('POST', '/api/broken', { headers: KEY })
    expect(answer.status).toBe(500)
    expect(await factsOf(envId)).toBe(0)
  })
})

async function factsOf(envId: number): Promise<number> {
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('facts').where('env_id', '=', envId).selectAll().execute(),
  )
  return rows.length
}
