import { ActionIcon, Code, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import classes from './code-block.module.css'
import { Icon } from './icon.tsx'

/** Text to be copied, like a command. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const hint = clipboard.copied ? 'Copied' : 'Copy'
  return (
    <div className={classes.frame}>
      <Code block className={classes.code} aria-label={label} tabIndex={0}>
        {text}
      </Code>
      <Tooltip label={hint}>
        <ActionIcon
          className={classes.copy}
          variant="default"
          size="sm"
          aria-label={`${hint}: ${label}`}
          onClick={() => clipboard.copy(text)}
        >
          <Icon name={clipboard.copied ? 'check' : 'copy'} size={14} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
