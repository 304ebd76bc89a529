import type { Application } from './application.ts'
import type { Block } from './block.ts'
import type { Policy } from './policy.ts'
import type { NamedStrategy } from './strategy.ts'

/** All that an SDK has to know to decide for one application. */
export type Config = {
  readonly version: number
  /** Real time, to tell by which blocks are over: a host's own clock may be wrong. */
  readonly now: Date
  readonly application: Pick<Application, 'id' | 'name'>
  /** Those that the policies name. */
  readonly strategies: readonly NamedStrategy[]
  /** Of this application and of all, without those that are off. */
  readonly policies: readonly Policy[]
  /** Those that hold now. */
  readonly blocks: readonly Block[]
}

/** What says that a document still holds: it is made anew by every change, and is another one for each application. */
export function etagOf(version: number, { id }: Pick<Application, 'id'>): string {
  return `"${version}-${id}"`
}

/** Whether an `If-None-Match` names what holds. A proxy that packs answers makes tags weak: they mean the same here. */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
