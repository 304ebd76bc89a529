import { z } from 'zod'
import { memberRoute, personRoute } from '../platform/http/account-route.ts'
import { textField } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { type MakeOrganization, renameOrganization } from './create-organization.ts'
import { failures as nameFailures } from './failures.ts'
import { insertMember } from './members.store.ts'

const nameField = textField(200)
export const ofOrganization = z.strictObject({ organizationId: z.string() })
const organizationReply = z.object({ id: z.string(), name: z.string() })

/** Organizations, by those who belong to them. */
export function organizationsRoutes(deps: { makeOrganization: MakeOrganization }): Route[] {
  return [
    personRoute({
      method: 'POST',
      path: '/api/v1/organizations',
      tag: 'Organizations',
      summary: 'Make an organization of your own',
      description: 'You become its OWNER. It has a live and a test environment.',
      body: z.strictObject({ name: nameField }),
      replies: { 201: organizationReply },
      failures: [nameFailures.nameMalformed],
      async handle({ tx, person: { userId }, body: { name }, systemNow }) {
        const { organizationId } = await deps.makeOrganization(tx, { name, systemNow })
        await insertMember(tx, { organizationId, userId, role: 'OWNER', joinedAt: systemNow })
        return { status: 201, body: { id: organizationId, name }, organizationId }
      },
    }),
    memberRoute({
      method: 'PATCH',
      path: '/api/v1/organizations/:organizationId',
      tag: 'Organizations',
      summary: 'Rename an organization',
      access: 'organization:write',
      params: ofOrganization,
      body: z.strictObject({ name: nameField }),
      replies: { 200: organizationReply },
      failures: [nameFailures.nameMalformed],
      async handle({ tx, member: { organizationId }, body: { name } }) {
        await renameOrganization(tx, organizationId, name)
        return { status: 200, body: { id: organizationId, name } }
      },
    }),
  ]
}
