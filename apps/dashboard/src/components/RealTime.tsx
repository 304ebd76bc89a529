import type { ReactNode } from 'react'
import { ClockAhead } from '../clock.ts'

/** What people do happens in real time, also where the clock of the environment shows another. */
export function RealTime({ children }: { readonly children: ReactNode }) {
  return <ClockAhead value={0}>{children}</ClockAhead>
}
