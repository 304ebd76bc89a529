import { Alert, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { type Decimal, decimal, formatDecimal, majorText } from '@usageflow/pricing'
import { useState } from 'react'
import { Chart } from '../../ui/Chart.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatMoney, formatQuantity } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import type { Reckoned } from './plan-values.ts'
import { type Choice, choicesOf, leftOut, reckon, telling } from './reckon.ts'

/** What a customer would pay for a period: for quantities that tell, and for any that is typed. */
export function Calculator({ version }: { readonly version: Reckoned }) {
  const { currency } = version
  const [chosen, setChosen] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const choices = choicesOf(version)
  const choice = choices.find(({ label }) => label === chosen) ?? choices[0] ?? null
  const rows = tryAll(() =>
    [...telling(choice), ...readQuantity(typed)].map((quantity) => ({
      quantity: formatDecimal(quantity),
      amountMinor: String(reckon(version, choice, quantity)),
    })),
  )
  return (
    <Section
      title="What it would cost"
      aside={
        choices.length > 1 && (
          <Select
            size="xs"
            w={220}
            aria-label="What is used"
            allowDeselect={false}
            value={choice?.label ?? null}
            onChange={setChosen}
            data={[...new Set(choices.map(({ label }) => label))]}
          />
        )
      }
    >
      {typeof rows === 'string' ? (
        <Alert color="gray">{rows}</Alert>
      ) : (
        <SimpleGrid cols={{ base: 1, '560px': 2 }} type="container" spacing="lg">
          <div>
            <DataTable
              label="What a period would cost"
              rows={rows}
              rowId={({ quantity }) => quantity}
              columns={[
                {
                  id: 'quantity',
                  header: choice?.label ?? 'Usage',
                  align: 'right',
                  value: ({ quantity }) => quantity,
                  cell: ({ quantity }) => formatQuantity(quantity),
                },
                {
                  id: 'amount',
                  header: 'A period costs',
                  align: 'right',
                  value: ({ amountMinor }) => BigInt(amountMinor),
                  cell: ({ amountMinor }) => formatMoney(amountMinor, currency),
                },
              ]}
            />
            <TextInput
              mt="md"
              maw={240}
              label="Any other quantity"
              inputMode="decimal"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Text size="xs" c="dimmed" mt="xs">
              {leftOut(version, choice).join(' ')}
            </Text>
          </div>
          <Chart title={`In ${currency}, by quantity`} unit="" bars={curve(version, choice)} />
        </SimpleGrid>
      )}
    </Section>
  )
}

const STEPS = 10n

/** Evenly from nothing to the most that the table shows. */
function curve(version: Reckoned, choice: Choice | null) {
  const most = telling(choice).at(-1) ?? decimal('0')
  return Array.from({ length: Number(STEPS) + 1 }, (_, index) => {
    const quantity = ((most * BigInt(index)) / STEPS) as Decimal
    const amountMinor = reckon(version, choice, quantity)
    return {
      label: formatQuantity(formatDecimal(quantity), 0),
      value: Number(majorText(amountMinor, version.currency)),
      exact: formatMoney(String(amountMinor), version.currency),
    }
  })
}

/** What is typed and no quantity yet gives no row. */
function readQuantity(text: string): Decimal[] {
  const quantity = tryAll(() => decimal(text.trim()))
  return typeof quantity === 'string' || quantity < 0n ? [] : [quantity]
}

/** The result, or why there is none. */
function tryAll<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
