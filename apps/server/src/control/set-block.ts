import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import { type Block, whomToBlock } from './block.ts'
import { failures } from './block-failures.ts'
import { deleteBlock, selectBlockOf, upsertBlock } from './blocks.store.ts'
import { countChange } from './versions.store.ts'

/**
 * Blocks a customer or network. Whoever is blocked already stays so by the same block, with the reason and end
 * that are given now, and by whoever says so. Throws `block.network_malformed` and `block.over`.
 */
export async function setBlock(
  tx: Tx,
  envId: number,
  { blocked, ...said }: Pick<Block, 'blocked' | 'reason' | 'until' | 'actor'>,
  systemNow: Date,
): Promise<{ readonly block: Block; readonly isNew: boolean }> {
  const whom = whomToBlock(blocked)
  if (whom === null) throw failures.networkMalformed(blocked.id)
  if (said.until && said.until <= systemNow) throw failures.over(systemNow.toISOString())
  const wanted = { ...said, id: newId('blk'), blocked: whom, createdAt: systemNow }
  const became = await upsertBlock(tx, envId, wanted)
  if (became !== 'same') await countChange(tx, envId)
  const block = await selectBlockOf(tx, envId, whom)
  invariant(block !== undefined, 'a block that was just set is there until we commit')
  return { block, isNew: became === 'made' }
}

/** Lets through again whom it held. Throws `block.unknown`. */
export async function removeBlock(tx: Tx, envId: number, id: string): Promise<Block> {
  const block = await deleteBlock(tx, envId, id)
  if (!block) throw failures.unknown(id)
  await countChange(tx, envId)
  return block
}
