import { Anchor, Drawer, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { AuditEntry } from '../../api/organization.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Facts } from '../../ui/page.tsx'
import { Id, Time } from '../../ui/values.tsx'
import { actionWords } from './action-words.ts'

/** What was done; a click shows all that is known of it. */
export function EntryButton({
  entry,
  actor,
}: {
  readonly entry: AuditEntry
  readonly actor: string
}) {
  const [isOpen, setOpen] = useState(false)
  const words = actionWords(entry.action)
  return (
    <>
      <Anchor component="button" type="button" ta="left" onClick={() => setOpen(true)}>
        {words}
      </Anchor>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size="lg"
        title={words}
      >
        <Entry entry={entry} actor={actor} />
      </Drawer>
    </>
  )
}

function Entry({ entry, actor }: { readonly entry: AuditEntry; readonly actor: string }) {
  return (
    <Stack>
      <Facts
        facts={{
          Who: <bdi>{actor}</bdi>,
          'Of what': <bdi>{entry.target ?? 'the organization'}</bdi>,
          Where: entry.mode ?? 'organization',
          When: <Time at={entry.at} exact />,
          Seal: entry.position ?? 'in a moment',
          Entry: <Id value={entry.id} />,
          Request: <Id value={entry.requestId} />,
        }}
      />
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          The call
        </Text>
        <CodeBlock label="The call" text={entry.action} />
      </div>
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          What was sent, without secrets
        </Text>
        <CodeBlock label="What was sent" text={JSON.stringify(entry.detail, null, 2)} />
      </div>
    </Stack>
  )
}
