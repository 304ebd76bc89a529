import { z } from 'zod'
import { instantField, instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { BLOCK_KINDS, type Block } from './block.ts'
import { failures } from './block-failures.ts'
import { selectBlockPage } from './blocks.store.ts'
import { tag } from './control-fields.ts'
import { removeBlock, setBlock } from './set-block.ts'

const whoField = textField(255).meta({
  description: 'Your own name for the customer, or an address or network',
  example: 'user_123',
})

const blockReply = z
  .object({
    blockId: z.string(),
    kind: z.enum(BLOCK_KINDS),
    id: z.string().meta({ description: 'Who is blocked: the customer, or the network' }),
    reason: z.string(),
    until: instantText.nullable().meta({ description: 'In real time; null: until it is removed' }),
    actor: z
      .object({ kind: z.string(), id: z.string() })
      .nullable()
      .meta({ description: 'Who said so last; null: it was not noted then' }),
    createdAt: instantText,
  })
  .meta({ id: 'Block' })

export function blocksRoutes(): Route[] {
  return [setRoute(), listRoute(), removeRoute()]
}

function setRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/blocks',
    tag,
    summary: 'Let a customer or a network through nowhere',
    description:
      'Who is blocked already stays so by the same block (200), with the reason and end that are sent now. An address of IPv6 stands for its /64.',
    scope: 'control:write',
    body: z.strictObject({
      kind: z.enum(BLOCK_KINDS),
      id: whoField,
      reason: textField(500, 0).default(''),
      until: instantField
        .nullable()
        .default(null)
        .meta({ description: 'In real time, also in a test environment; null: for good' }),
    }),
    replies: { 200: blockReply, 201: blockReply },
    failures: [failures.networkMalformed, failures.over],
    async handle({ tx, caller, body, systemNow }) {
      const { kind, id, reason, until } = body
      const wanted = { blocked: { kind, id }, reason, until, actor: caller.actor }
      const { block, isNew } = await setBlock(tx, caller.envId, wanted, systemNow)
      return { status: isNew ? 201 : 200, body: toReply(block) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/blocks',
    tag,
    summary: 'List blocks, those among them that are over',
    scope: 'control:read',
    query: z.strictObject({
      ...pageQuery,
      kind: z.enum(BLOCK_KINDS).optional(),
      id: whoField.optional(),
    }),
    replies: { 200: pageOf(blockReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const { limit, kind = null, id: blocked = null } = query
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? '') : ''
      const wanted = { limit: limit + 1, after, kind, blocked }
      const rows = await selectBlockPage(tx, caller.envId, wanted)
      const page = pageFrom(rows, limit, ({ id }) => [id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function removeRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/control/blocks/:blockId',
    tag,
    summary: 'Let through again whom a block held',
    scope: 'control:write',
    params: z.object({ blockId: textField(100) }),
    replies: { 200: blockReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await removeBlock(tx, caller.envId, params.blockId)),
    }),
  })
}

function toReply({ id: blockId, blocked, reason, until, actor, createdAt }: Block) {
  return {
    ...{ blockId, ...blocked, reason, actor },
    until: until?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
