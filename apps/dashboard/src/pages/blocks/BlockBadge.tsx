import type { Block } from '../../api/records.ts'
import { useNow } from '../../clock.ts'
import { StateBadge } from '../../ui/values.tsx'
import { blockState } from './block-state.ts'

export function BlockBadge({ block }: { readonly block: Block }) {
  return <StateBadge state={blockState(block, useNow())} />
}
