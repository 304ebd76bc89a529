import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './More.module.css'

/** Fields that are rarely needed, folded until somebody looks for them. */
export function More({ children }: { readonly children: ReactNode }) {
  return (
    <details className={classes.more}>
      <summary>More</summary>
      <Stack gap="md" mt="md">
        {children}
      </Stack>
    </details>
  )
}
