import { Button, Stack, Text } from '@mantine/core'
import { createContext } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'

/** Shows a key above the list: the row that it was made from may be gone when the list is read again. */
export const ShowKey = createContext<(key: string) => void>(() => undefined)

/** A key that was just made: only its hash is kept. */
export function KeyOnce({ text, close }: { readonly text: string; readonly close: () => void }) {
  return (
    <Stack>
      <Text>This is the key. It is shown only now: keep it where your program keeps secrets.</Text>
      <CodeBlock label="API key" text={text} />
      <div>
        <Button onClick={close}>I have kept it</Button>
      </div>
    </Stack>
  )
}
