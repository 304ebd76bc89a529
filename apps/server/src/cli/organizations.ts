import { type Config, ConfigError } from '../config.ts'
import {
  chooseUnknownMeters,
  environmentOf,
  findOrganization,
  listOrganizations,
} from '../identity/create-organization.ts'
import { giveTo } from '../identity/first-member.ts'
import { makeOrganization } from '../make-organization.ts'
import { noteOperator } from './note-operator.ts'
import { say, sayJson, sayTable } from './print.ts'
import { withDatabase } from './with-database.ts'

export async function createOrg(
  config: Config,
  name: string,
  flags: { readonly testClock?: Date; readonly owner?: string; readonly json?: boolean },
): Promise<void> {
  const { testClock, owner } = flags
  const organizationId = await withDatabase(config, async (tx, at) => {
    const input = { name, systemNow: at, ...(testClock ? { testClock } : {}) }
    const made = await makeOrganization(tx, input)
    if (owner !== undefined) await giveTo(tx, made.organizationId, owner, at)
    const change = { organizationId: made.organizationId, target: made.organizationId, at }
    const sent = { name, testClock, owner }
    await noteOperator(tx, { ...change, action: 'usageflow org create', sent })
    return made.organizationId
  })
  if (flags.json) return sayJson({ id: organizationId, name })
  say(`Made ${name} (${organizationId}) with a live and a test environment.`)
  say(`Next: usageflow key create ${organizationId} --mode test`)
}

export async function listOrgs(config: Config, flags: { readonly json?: boolean }): Promise<void> {
  const organizations = await withDatabase(config, (tx) => listOrganizations(tx))
  if (flags.json) return sayJson(organizations)
  if (organizations.length === 0)
    return say('There is no organization yet. Make one with: usageflow org create NAME')
  sayTable(
    ['ID', 'NAME', 'MADE'],
    organizations.map(({ id, name, createdAt }) => [id, name, createdAt.toISOString()]),
  )
}

export async function setUnknownMeters(
  config: Config,
  input: { readonly name: string; readonly mode: string; readonly choice: string },
): Promise<void> {
  const { name, mode, choice } = input
  if (mode !== 'live' && mode !== 'test')
    throw new ConfigError('give the environment as live or test')
  if (choice !== 'store' && choice !== 'refuse')
    throw new ConfigError('give the choice as store or refuse')
  await withDatabase(config, async (tx, at) => {
    const { id: organizationId } = await findOrganization(tx, name)
    const environment = await environmentOf(tx, organizationId, mode)
    await chooseUnknownMeters(tx, environment, choice)
    const change = { organizationId, envId: environment.envId, sent: { mode, choice }, at }
    await noteOperator(tx, { ...change, action: 'usageflow org unknown-meters' })
  })
  say(
    `Events that no meter reads are now ${choice === 'store' ? 'stored' : 'refused'} in ${name} (${mode}).`,
  )
}
