import { z } from 'zod'
import { memberRoute, memberStreamRoute } from '../platform/http/account-route.ts'
import { instantField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import type { Route } from '../platform/http/route.ts'
import { allPages } from '../platform/http/stream.ts'
import { type Table, tableStream } from '../platform/http/table-stream.ts'
import { selectAuditEntries } from './audit.store.ts'
import type { AuditEntry, AuditFilter } from './audit-entry.ts'

const PATH = '/api/v1/organizations/:organizationId/audit'
const EXPORTED_AT_ONCE = 500
const ofOrganization = z.strictObject({ organizationId: z.string() })

const entryReply = z.object({
  id: z.string(),
  at: instantText,
  mode: z.enum(['live', 'test']).nullable().meta({ description: 'null: the organization itself' }),
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    name: z
      .string()
      .nullable()
      .meta({ description: 'E-mail address of the person or name of the key, as it is today' }),
  }),
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

const filterQuery = {
  ...{ actor: wordField, target: wordField, action: wordField },
  ...{ from: instantField.optional(), to: instantField.optional() },
}

/** The log of changes, for those who may read it. */
export function auditRoutes(): Route[] {
  return [listRoute(), exportRoute()]
}

function listRoute(): Route {
  return memberRoute({
    method: 'GET',
    path: PATH,
    tag: 'Organizations',
    summary: 'Who changed what, or read what is sensitive, the latest first',
    description:
      '`action` finds a part of the text, the other words are whole. Reading the log is noted in it.',
    access: 'audit:read',
    isSensitive: true,
    isOpenAfterDeletion: true,
    params: ofOrganization,
    query: z.strictObject({ ...pageQuery, ...filterQuery }),
    replies: { 200: pageOf(entryReply) },
    async handle({ tx, member, query }) {
      const { limit, cursor } = query
      const before = cursor ? decodeTimeCursor(cursor) : null
      const entries = await selectAuditEntries(tx, member.organizationId, filterOf(query), {
        ...{ limit: limit + 1, before },
      })
      const page = pageFrom(entries, limit, ({ at, id }) => [at.toISOString(), id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function exportRoute(): Route {
  return memberStreamRoute({
    path: `${PATH}/export`,
    tag: 'Organizations',
    summary: 'Export the log as CSV or NDJSON',
    description:
      'All that the filter lets through, the latest first, in one answer of any length. A cell that a spreadsheet would run begins with an apostrophe.',
    access: 'audit:read',
    isOpenAfterDeletion: true,
    params: ofOrganization,
    query: z.strictObject({ ...filterQuery, format: z.enum(['csv', 'ndjson']).default('csv') }),
    replies: { 200: z.string().meta({ description: 'text/csv or application/x-ndjson' }) },
    stream({ member: { organizationId }, query, inTransaction }) {
      const pages = allPages<EntryReply>(EXPORTED_AT_ONCE, (last) => {
        const page = { limit: EXPORTED_AT_ONCE, before: last && ([last.at, last.id] as const) }
        return inTransaction(async (tx) =>
          (await selectAuditEntries(tx, organizationId, filterOf(query), page)).map(toReply),
        )
      })
      return tableStream(ENTRY_TABLE, query.format, pages)
    },
  })
}

type EntryReply = ReturnType<typeof toReply>

const ENTRY_TABLE: Table<EntryReply> = {
  name: 'audit',
  columns: {
    at: ({ at }) => at,
    actorKind: ({ actor }) => actor.kind,
    actorId: ({ actor }) => actor.id,
    actorName: ({ actor }) => actor.name,
    mode: ({ mode }) => mode,
    action: ({ action }) => action,
    target: ({ target }) => target,
    requestId: ({ requestId }) => requestId,
    detail: ({ detail }) => JSON.stringify(detail),
    position: ({ position }) => position,
    entryId: ({ id }) => id,
  },
}

type Asked = { readonly [Name in keyof AuditFilter]?: AuditFilter[Name] | undefined }

function filterOf({ actor, target, action, from, to }: Asked): AuditFilter {
  return {
    ...{ actor: actor ?? null, target: target ?? null, action: action ?? null },
    ...{ from: from ?? null, to: to ?? null },
  }
}

function toReply({ organizationId: _, at, ...entry }: AuditEntry) {
  return { ...entry, at: at.toISOString() }
}
