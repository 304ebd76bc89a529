import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useRefusal } from '../api/environment.tsx'

/** A button that is there for everybody, and says to whom it is of no use why. */
export function GuardedButton({
  permission,
  refusal: otherRefusal = null,
  to,
  onClick,
  children,
  ...rest
}: ButtonProps & {
  readonly permission: string
  /** Why nobody may do it as things are. */
  readonly refusal?: string | null
  readonly to?: string
  readonly onClick?: () => void
  readonly children: ReactNode
}) {
  const refusal = useRefusal(permission) ?? otherRefusal
  if (refusal !== null)
    return (
      <Tooltip label={refusal} maw={320}>
        <Button {...rest} data-disabled aria-disabled onClick={(event) => event.preventDefault()}>
          {children}
        </Button>
      </Tooltip>
    )
  if (to !== undefined)
    return (
      <Button {...rest} component={Link} to={to}>
        {children}
      </Button>
    )
  return (
    <Button {...rest} {...(onClick ? { onClick } : {})}>
      {children}
    </Button>
  )
}
