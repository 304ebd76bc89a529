import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { fieldErrors, messageOf } from '../api/errors.ts'
import { RequestId } from './states.tsx'
import { UnsavedGuard, useUnsaved } from './unsaved.tsx'

/** What changes a form without typing: a choice, and what `CHANGES_FORM` marks. */
const TELLS_OF_NO_INPUT = '[role="option"], [data-changes-form]'

/** For buttons that add to a form or take something out of it. */
export const CHANGES_FORM = { 'data-changes-form': true }

/** One column of fields; ⌘↵ sends it from anywhere, and what was typed stays when it is refused. */
export function Form({
  onSubmit,
  action,
  isRunning,
  error,
  shownFields = [],
  cancel,
  refusal = null,
  wide = false,
  isGuarded = true,
  children,
}: {
  readonly onSubmit: () => void
  readonly action: string
  readonly isRunning: boolean
  readonly error: unknown
  /** Fields that show what is wrong with them by themselves. */
  readonly shownFields?: readonly string[]
  readonly cancel?: ReactNode
  /** Why the reader may look but not send. */
  readonly refusal?: string | null
  readonly wide?: boolean
  /** Whether to ask before somebody goes away from what they typed. A question to the server is not worth it. */
  readonly isGuarded?: boolean
  readonly children: ReactNode
}) {
  const unsaved = useUnsaved(isRunning, error)
  const send = (fields: HTMLFormElement): void => {
    if (isRunning || refusal !== null || !isReadable(fields)) return
    onSubmit()
  }
  const form = (
    <form
      noValidate
      onInput={unsaved.type}
      onClick={(event) => {
        if ((event.target as Element).closest(TELLS_OF_NO_INPUT)) unsaved.type()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        send(event.currentTarget)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send(event.currentTarget)
      }}
    >
      <Stack gap="md" maw={wide ? undefined : 520}>
        {children}
        <FormError error={error} shownFields={shownFields} />
        {refusal !== null && (
          <Text size="sm" c="dimmed">
            {refusal}
          </Text>
        )}
        <Group gap="xs">
          <Button type="submit" loading={isRunning} disabled={refusal !== null}>
            {action}
          </Button>
          {cancel}
        </Group>
      </Stack>
    </form>
  )
  if (!isGuarded) return form
  return (
    <>
      {form}
      <UnsavedGuard isUnsaved={unsaved.isUnsaved} />
    </>
  )
}

/** Points at the first field that must be filled in, or cannot be read, like a day without its time: to us it looks empty. */
function isReadable(form: HTMLFormElement): boolean {
  const unread = [...form.elements].find(
    (field) =>
      field instanceof HTMLInputElement && (field.validity.badInput || field.validity.valueMissing),
  )
  return unread === undefined || (unread as HTMLInputElement).reportValidity()
}

/** What the server said, unless the fields that it is about say so already. */
export function FormError({
  error,
  shownFields = [],
}: {
  readonly error: unknown
  readonly shownFields?: readonly string[]
}) {
  if (error == null) return null
  const wrong = Object.keys(fieldErrors(error))
  const isShown = wrong.length > 0 && wrong.every((name) => shownFields.includes(name))
  if (isShown) return null
  return (
    <div role="alert">
      <Text c="var(--uf-bad-text)">{messageOf(error)}</Text>
      <RequestId error={error} />
    </div>
  )
}
