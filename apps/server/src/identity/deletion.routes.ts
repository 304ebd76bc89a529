import { z } from 'zod'
import { memberRoute } from '../platform/http/account-route.ts'
import { instantText } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { deleteOrganization, GRACE_DAYS, restoreOrganization } from './delete-organization.ts'
import { ofOrganization } from './organizations.routes.ts'
import { failures } from './session-failures.ts'
import { type BoundMembers, signOutBoundBy } from './sign-out-bound.ts'

const PATH = '/api/v1/organizations/:organizationId/deletion'

type Deps = { readonly deletionGraceDays?: number; readonly boundMembers: BoundMembers }

/** The end of an organization, which can be taken back for a while. */
export function deletionRoutes(deps: Deps): Route[] {
  const { deletionGraceDays: graceDays = GRACE_DAYS, boundMembers } = deps
  return [
    memberRoute({
      method: 'POST',
      path: PATH,
      tag: 'Organizations',
      summary: 'Delete an organization',
      description:
        'It is closed at once: keys and sessions are refused, nothing is billed and no webhook is sent. Until `eraseAt` it can be restored, and its log be read; then all of it is erased.',
      access: 'organization:own',
      isOpenAfterDeletion: true,
      params: ofOrganization,
      body: z.strictObject({
        name: z.string().max(200).meta({ description: 'That of the organization, typed out' }),
      }),
      replies: { 200: z.object({ id: z.string(), eraseAt: instantText }) },
      failures: [failures.nameDiffers],
      async handle({ tx, member: { organizationId }, body: { name }, systemNow }) {
        const eraseAt = await deleteOrganization(tx, organizationId, { name, graceDays, systemNow })
        return { status: 200, body: { id: organizationId, eraseAt: eraseAt.toISOString() } }
      },
    }),
    memberRoute({
      method: 'DELETE',
      path: PATH,
      tag: 'Organizations',
      summary: 'Restore a deleted organization',
      description: 'What fell due while it was closed, like invoices, is done now.',
      access: 'organization:own',
      isOpenAfterDeletion: true,
      params: ofOrganization,
      replies: { 200: z.object({ id: z.string(), restored: z.literal(true) }) },
      failures: [failures.notDeleted],
      async handle({ tx, member: { organizationId }, systemNow }) {
        await signOutBoundBy(tx, organizationId, boundMembers, () =>
          restoreOrganization(tx, organizationId, systemNow),
        )
        return { status: 200, body: { id: organizationId, restored: true } }
      },
    }),
  ]
}
