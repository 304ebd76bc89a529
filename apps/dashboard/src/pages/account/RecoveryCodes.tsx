import { Button, Group, Stack, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { saveFile } from '../../components/csv.ts'
import classes from './your-account.module.css'

/** For the day on which the telephone is gone. */
export function RecoveryCodes({
  codes,
  close,
}: {
  readonly codes: readonly string[]
  readonly close: () => void
}) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const text = `${codes.join('\n')}\n`
  return (
    <Stack>
      <Text>
        If you lose your authenticator, each of these lets you in once instead of a code. Keep them
        apart from it: they are shown only now, and those before are good for nothing.
      </Text>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <Button onClick={close}>I have kept them</Button>
        <Button variant="default" onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
        <Button
          variant="default"
          onClick={() => saveFile('usageflow-recovery-codes.txt', new Blob([text]))}
        >
          Save as a file
        </Button>
      </Group>
    </Stack>
  )
}
