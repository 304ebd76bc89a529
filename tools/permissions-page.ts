import { PERMISSIONS, type Permission, ROLES } from '../apps/server/src/identity/roles.ts'
import { ORGANIZATION_PERMISSIONS, SCOPES } from '../apps/server/src/platform/http/caller.ts'
import { PERMISSION_FIELD } from '../apps/server/src/platform/http/openapi.ts'

type Operation = { readonly summary?: string; readonly [PERMISSION_FIELD]?: string }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const HEAD = `# Permissions

Made by \`npm run generate\` from the table that decides and from the routes. [The guide](../guide/accounts.md) says how people come
to a role.

An API key may do what its scopes say, in its one environment; it never has more of them than whoever made it. No scope lets a key
manage keys, members or the organization.
`

/** Who may do what, and which route takes which permission, as a page. */
export function permissionsPage(document: string): string {
  const routes = routesByPermission(JSON.parse(document) as Document)
  const scopes = section('Scopes: of keys, and of roles in every environment', SCOPES)
  const organization = section('Permissions of people alone', ORGANIZATION_PERMISSIONS)
  const known = [...SCOPES, ...ORGANIZATION_PERMISSIONS, 'signed_in', 'anybody']
  const lists = known.map((one) => listOf(one, routes.get(one) ?? []))
  return [HEAD, scopes, organization, '## Routes\n', ...lists].join('\n')
}

function section(title: string, permissions: readonly Permission[]): string {
  const rows = permissions.map((one) => {
    const cells = ROLES.map((role) => (PERMISSIONS[role].has(one) ? '✓' : ''))
    return `| \`${one}\` | ${cells.join(' | ')} |`
  })
  const head = `| | ${ROLES.join(' | ')} |\n|---|${ROLES.map(() => '---').join('|')}|`
  return `## ${title}\n\n${head}\n${rows.join('\n')}\n`
}

const WORDS: Readonly<Record<string, string>> = {
  signed_in: 'Whoever has signed in',
  anybody: 'Everybody',
}

function listOf(permission: string, routes: readonly string[]): string {
  return `### ${WORDS[permission] ?? `\`${permission}\``}\n\n${routes.join('\n')}\n`
}

function routesByPermission({ paths }: Document): Map<string, string[]> {
  const routes = new Map<string, string[]>()
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const permission = operation[PERMISSION_FIELD]
      if (permission === undefined) continue
      const line = `- \`${method.toUpperCase()} ${path}\` ${operation.summary ?? ''}`
      routes.set(permission, [...(routes.get(permission) ?? []), line])
    }
  }
  return routes
}
