import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { messageOf } from '../api/errors.ts'
import { RequestId } from './states.tsx'

type Confirmation = {
  readonly title: string
  readonly children: ReactNode
  readonly action: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onConfirm: () => void
  readonly isRunning: boolean
  readonly error?: unknown
  /** What must be typed first; for what cannot be taken back. */
  readonly typed?: string
  readonly isDangerous?: boolean
}

/** Asks before something is done, says what it will mean, and stays open while it fails. */
export function ConfirmDialog(props: Confirmation) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={props.title}>
      {props.isOpen && <Question {...props} />}
    </Modal>
  )
}

function Question(props: Confirmation) {
  const { typed, isRunning, isDangerous = true } = props
  const [text, setText] = useState('')
  const isReady = typed === undefined || text === typed
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) props.onConfirm()
      }}
    >
      <Stack gap="md">
        <Stack gap="sm">{props.children}</Stack>
        {typed !== undefined && (
          <TextInput
            label={
              <>
                Type <b>{typed}</b> to go on
              </>
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        {props.error != null && (
          <div role="alert">
            <Text c="var(--uf-bad-text)">{messageOf(props.error)}</Text>
            <RequestId error={props.error} />
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            Keep it as it is
          </Button>
          <Button
            type="submit"
            color={isDangerous ? 'red.9' : 'accent'}
            disabled={!isReady}
            loading={isRunning}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
