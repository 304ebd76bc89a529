import { Modal } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import { LeaveQuestion, UnsavedInDialog } from './unsaved.tsx'

/** A dialog with fields. It asks before it is closed over what was typed in it. */
export function FormDialog({
  isOpen,
  onClose,
  title,
  children,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
}) {
  const isUnsaved = useRef(() => false)
  const [isAsking, setAsking] = useState(false)
  const leave = (): void => {
    if (isUnsaved.current()) setAsking(true)
    else onClose()
  }
  return (
    <>
      <Modal
        opened={isOpen}
        onClose={leave}
        title={title}
        closeOnEscape={!isAsking}
        trapFocus={!isAsking}
      >
        <UnsavedInDialog value={isUnsaved}>{isOpen && children}</UnsavedInDialog>
      </Modal>
      {/* Not there before: it would hear the very Escape that asks for it, and close on it. */}
      {isAsking && (
        <LeaveQuestion
          isOpen
          onStay={() => setAsking(false)}
          onLeave={() => {
            setAsking(false)
            onClose()
          }}
        />
      )}
    </>
  )
}
