import { type ReactNode, useState } from 'react'
import { FormDialog } from '../ui/form-dialog.tsx'
import { GuardedButton } from './GuardedButton.tsx'

/** A button that opens a small form, and closes it when that is done. */
export function MakeButton({
  label,
  permission,
  refusal = null,
  variant = 'default',
  size,
  children,
}: {
  readonly label: string
  readonly permission: string
  /** Why nobody may do it as things are. */
  readonly refusal?: string | null
  /** `filled` where it is what a page is for. */
  readonly variant?: 'default' | 'filled'
  readonly size?: 'compact-xs'
  readonly children: (close: () => void) => ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <GuardedButton
        permission={permission}
        refusal={refusal}
        variant={variant}
        {...(size === undefined ? {} : { size })}
        onClick={() => setOpen(true)}
      >
        {label}
      </GuardedButton>
      <FormDialog isOpen={isOpen} onClose={() => setOpen(false)} title={label}>
        {children(() => setOpen(false))}
      </FormDialog>
    </>
  )
}
