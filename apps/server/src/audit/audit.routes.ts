import { z } from 'zod'
import { memberRoute } from '../platform/http/account-route.ts'
import { instantField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import type { Route } from '../platform/http/route.ts'
import { selectAuditEntries } from './audit.store.ts'

const entryReply = z.object({
  id: z.string(),
  at: instantText,
  mode: z.enum(['live', 'test']).nullable().meta({ description: 'null: the organization itself' }),
  actor: z.object({ kind: z.string(), id: z.string() }),
  action: z.string().meta({ example: 'POST /api/v1/plans' }),
  target: z.string().nullable(),
  requestId: z.string(),
  detail: z.unknown(),
  position: z
    .string()
    .nullable()
    .meta({ description: 'Its place in the chain of seals; null for the second until it has one' }),
})

const wordField = textField(300).optional()

/** The log of changes, for those who may read it. */
export function auditRoutes(): Route[] {
  return [
    memberRoute({
      method: 'GET',
      path: '/api/v1/organizations/:organizationId/audit',
      tag: 'Organizations',
      summary: 'Who changed what, the latest first',
      description: '`action` finds a part of the text, the other words are whole.',
      access: 'audit:read',
      params: z.strictObject({ organizationId: z.string() }),
      query: z.strictObject({
        ...pageQuery,
        ...{ actor: wordField, target: wordField, action: wordField },
        ...{ from: instantField.optional(), to: instantField.optional() },
      }),
      replies: { 200: pageOf(entryReply) },
      async handle({ tx, member, query }) {
        const { limit, cursor, actor, target, action, from, to } = query
        const entries = await selectAuditEntries(
          tx,
          member.organizationId,
          {
            ...{ actor: actor ?? null, target: target ?? null, action: action ?? null },
            ...{ from: from ?? null, to: to ?? null },
          },
          { limit: limit + 1, before: cursor ? decodeTimeCursor(cursor) : null },
        )
        const page = pageFrom(entries, limit, ({ at, id }) => [at.toISOString(), id])
        const data = page.data.map((entry) => ({ ...entry, at: entry.at.toISOString() }))
        return { status: 200, body: { ...page, data } }
      },
    }),
  ]
}
