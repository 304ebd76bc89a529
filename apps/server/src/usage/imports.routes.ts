import { z } from 'zod'
import { instantField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { type Import, selectImport, selectImports } from './imports.store.ts'
import { openImport } from './open-import.ts'
import { revertImport } from './revert-import.ts'

const params = z.strictObject({
  importId: textField(64).meta({ example: 'imp_01h455vb4pex5vsknk084sn02q' }),
})

const importReply = z
  .object({
    id: z.string().meta({ description: 'What its events carry as `importId`' }),
    source: z.string(),
    from: instantText,
    to: instantText,
    createdAt: instantText,
    revertedAt: instantText.nullable(),
  })
  .meta({ id: 'Import' })

/** Imports: events of the past, however old, which can be taken back as a whole. */
export function importsRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/imports',
      tag: 'Imports',
      summary: 'Open an import',
      description:
        'Events sent with its `importId` may be as old as its window reaches, from `from` until before `to`.',
      scope: 'usage:write',
      body: z.strictObject({
        source: textField(500).meta({
          description: 'Where the events come from',
          example: 'access.log',
        }),
        from: instantField,
        to: instantField,
      }),
      replies: { 201: importReply },
      failures: [failures.importWindow],
      handle: async ({ tx, caller, body, now }) => ({
        status: 201,
        body: replyOf(await openImport(tx, caller.envId, body, now)),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/imports',
      tag: 'Imports',
      summary: 'List imports, the latest first',
      scope: 'usage:read',
      query: z.strictObject(pageQuery),
      replies: { 200: pageOf(importReply) },
      failures: [pageFailures.cursorMalformed],
      handle: async ({ tx, caller, query: { limit, cursor } }) => {
        const before = cursor === undefined ? null : numberOf(cursor)
        const rows = await selectImports(tx, caller.envId, { before, limit: limit + 1 })
        const { data, nextCursor } = pageFrom(rows, limit, (row) => [String(row.importNo)])
        return { status: 200, body: { data: data.map(replyOf), nextCursor } }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/imports/:importId',
      tag: 'Imports',
      summary: 'Read one import',
      scope: 'usage:read',
      params,
      replies: { 200: importReply },
      failures: [failures.importNotFound],
      handle: async ({ tx, caller, params: { importId } }) => {
        const found = await selectImport(tx, caller.envId, importId)
        if (!found) throw failures.importNotFound(importId)
        return { status: 200, body: replyOf(found) }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/imports/:importId/revert',
      tag: 'Imports',
      summary: 'Revert an import',
      description:
        'It takes no more events, and those it brought are void: the first 20,000 when this answers, the others soon after.',
      scope: 'usage:write',
      params,
      replies: { 200: importReply },
      failures: [failures.importNotFound],
      handle: async ({ tx, caller, params: { importId }, now }) => ({
        status: 200,
        body: replyOf(await revertImport(tx, caller.envId, importId, now)),
      }),
    }),
  ]
}

function replyOf({ id, source, from, to, createdAt, revertedAt }: Import) {
  return {
    id,
    source,
    from: from.toISOString(),
    to: to.toISOString(),
    createdAt: createdAt.toISOString(),
    revertedAt: revertedAt?.toISOString() ?? null,
  }
}

function numberOf(cursor: string): number {
  const [number = ''] = decodeCursor(cursor, 1)
  if (!/^\d{1,9}$/.test(number)) throw pageFailures.cursorMalformed()
  return Number(number)
}
