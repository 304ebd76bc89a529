import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './AccountCard.module.css'

/** The one card on the pages of somebody who is not in yet. */
export function AccountCard({
  title,
  sentence,
  isWide = false,
  children,
}: {
  readonly title: string
  readonly sentence?: ReactNode
  /** For texts to be read. */
  readonly isWide?: boolean
  readonly children: ReactNode
}) {
  return (
    <main className={classes.page}>
      <div className={classes.card} data-wide={isWide || undefined}>
        <div className={classes.mark}>
          <img src="/icon.svg" width={28} height={28} alt="" />
          <span>UsageFlow</span>
        </div>
        <Stack gap="lg">
          <div>
            <Title order={1} size={20}>
              {title}
            </Title>
            {sentence && (
              <Text c="dimmed" mt={4}>
                {sentence}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </div>
    </main>
  )
}
