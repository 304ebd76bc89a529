import type { Block } from '../../api/records.ts'

/** Whether it holds at `now`; one that is over stays in the list until somebody lifts it. */
export function blockState({ until }: Pick<Block, 'until'>, now: Date): 'blocked' | 'over' {
  return until === null || new Date(until) > now ? 'blocked' : 'over'
}
