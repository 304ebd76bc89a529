import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ChangePreview } from '../../api/records.ts'
import { formatMoney } from '../../ui/format.ts'
import { Section, Tile, Tiles } from '../../ui/page.tsx'
import { Time } from '../../ui/values.tsx'
import { InvoiceSums } from '../invoices/InvoiceSums.tsx'
import { PreviewLines } from '../invoices/PreviewLines.tsx'

/** What the period under way would come to as a whole, as it is sold and as it would be. */
export function ChangeCosts({
  preview,
  action,
}: {
  readonly preview: ChangePreview
  /** What carries it out. */
  readonly action: ReactNode
}) {
  const { at, before, after, differenceMinor } = preview
  return (
    <Section title="The period under way, with the usage so far">
      <Tiles>
        <Tile label="As it is sold" value={totalOf(before)} />
        <Tile label="As it would be" value={totalOf(after)} />
        <Tile
          label="Difference"
          value={
            differenceMinor === null || after === null
              ? '–'
              : `${BigInt(differenceMinor) > 0n ? '+' : ''}${formatMoney(differenceMinor, after.currency)}`
          }
        />
      </Tiles>
      <Text size="sm" c="dimmed" my="sm">
        It would hold from <Time at={at} exact />. Both sides are a whole period; a change within it
        bills each part by its own.
      </Text>
      {action}
      {after && (
        <>
          <PreviewLines preview={after} />
          <InvoiceSums invoice={after} />
        </>
      )}
    </Section>
  )
}

function totalOf(side: ChangePreview['before']): string {
  return side === null ? 'Not billed' : formatMoney(side.totalMinor, side.currency)
}
