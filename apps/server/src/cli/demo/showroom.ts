import type { App } from '../../app.ts'
import type { Clock } from '../../platform/clock.ts'
import { apiClient } from '../api-client.ts'
import type { Ground } from '../ground.ts'
import { openProgress } from '../progress.ts'
import { giveTo, makeAccount } from './account.ts'
import { type Call, callOf } from './call.ts'
import { COMPANY_START, isWarehouseDown, liveThroughMonths } from './company/history.ts'
import { openReceivers } from './company/receivers.ts'
import { openService } from './company/service.ts'
import { inviteTeam } from './company/team.ts'
import { startTrickle } from './company/trickle.ts'
import { openDoor } from './door.ts'
import { makeVisitor } from './visitor.ts'

/** A company with a history, and the way in. */
export type Showroom = {
  /** Signs one browser in, once. */
  readonly link: string
  readonly email: string
  readonly password: string
  /** Lets one of its customers see their bills, for a day. */
  readonly portalLink: string
  close(): Promise<void>
}

export type ShowroomOptions = {
  readonly app: App
  readonly ground: Ground
  readonly url: string
  /** The organization of the story, which the visitor is to own as well. */
  readonly organizationId: string
  readonly clock: Clock
  tell(step: string, detail?: string): void
}

/** Fills in a company with three months behind it, makes the visitor its owner, and opens the door. */
export async function openShowroom(options: ShowroomOptions): Promise<Showroom> {
  const receivers = await openReceivers(isWarehouseDown)
  try {
    const company = await fill(options, receivers)
    return { ...company, close: () => Promise.all([company.close(), receivers.close()]).then() }
  } catch (error) {
    await receivers.close()
    throw error
  }
}

async function fill(
  { app, ground, url, clock, tell, ...story }: ShowroomOptions,
  receivers: Awaited<ReturnType<typeof openReceivers>>,
): Promise<Showroom> {
  const company = await makeAccount(ground, 'Nimbus AI', COMPANY_START)
  const visitor = await makeVisitor(url, {
    ...{ email: 'ada@nimbus.example', name: 'Ada Quist' },
    pass: { 'usageflow-first-owner-token': (await app.firstStartToken()) ?? 'none' },
  })
  await giveTo(ground, visitor.userId, [company.organizationId, story.organizationId])
  await inviteTeam(url, visitor, company.organizationId)
  tell('People', 'an owner, which is you, an admin, a developer, and an open invitation')
  const progress = openProgress('steps', true)
  const call = callOf(apiClient(url, company.key))
  await liveThroughMonths({ call, receivers, tell, onProgress: progress.set }).finally(() =>
    progress.end(),
  )
  const service = await openService(call, clock())
  tell(
    'A service of the company',
    'its endpoints and traffic of a day, a limit and one that watches',
  )
  const { email, password } = visitor
  const door = await openDoor({
    signIn: visitor.signIn,
    goal: `${url}/${company.organizationId}/test`,
    usedText: `This link has signed somebody in already. Sign in at ${url} with the address and the password that the demo printed.`,
  })
  const portalLink = await openPortal(call)
  const trickle = startTrickle(call, service, clock)
  return {
    ...{ link: door.link, email, password, portalLink },
    close: () => Promise.all([trickle.stop(), door.close()]).then(),
  }
}

/** A customer of the company who may choose between its plans. */
async function openPortal(call: Call): Promise<string> {
  await call('PATCH', '/settings/portal', {
    accentColor: '#0b7285',
    plans: ['starter', 'growth', 'scale'],
  })
  const { url } = await call('POST', '/customers/bluebird/portal-links', {})
  return String(url)
}
