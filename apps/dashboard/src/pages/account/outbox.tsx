import { Anchor, Stack, Text, Title } from '@mantine/core'
import { callAccount } from '../../api/client.ts'
import type { Outbox } from '../../api/session.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { publicPaths } from '../../paths.ts'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/values.tsx'
import { AccountCard } from './AccountCard.tsx'
import classes from './outbox.module.css'

type Message = Outbox['data'][number]

const ASKED_MS = 3_000

/** The messages that no mail server has sent, the latest first, as they are made. */
export function OutboxPage() {
  return (
    <AccountCard
      isWide
      title="Outbox"
      sentence="Messages of this server, which has no mail server. Nobody but this machine sees them."
    >
      <Loaded
        height={240}
        query={{
          queryKey: ['outbox'],
          queryFn: () => callAccount<Outbox>('GET', '/api/v1/development/outbox'),
          refetchInterval: ASKED_MS,
          retry: false,
        }}
      >
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="Nothing was sent yet">
              Confirmations of addresses, new passwords and invitations stand here.
            </EmptyState>
          ) : (
            <Stack gap="md">
              {data.map((message) => (
                <MessageCard key={message.id} message={message} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <PageLink to={publicPaths.signIn}>Back to sign in</PageLink>
    </AccountCard>
  )
}

function MessageCard({ message: { to, subject, text, createdAt } }: { readonly message: Message }) {
  return (
    <article className={classes.message}>
      <Title order={2} size={15}>
        {subject}
      </Title>
      <Text size="xs" c="dimmed">
        to <bdi>{to}</bdi>, <Time at={createdAt} />
      </Text>
      <div className={classes.text}>{withLinks(text)}</div>
    </article>
  )
}

const ADDRESS = /(https?:\/\/\S+)/

/** A text whose addresses can be followed; everything else stays text. */
function withLinks(text: string) {
  return text.split(ADDRESS).map((part, index) =>
    ADDRESS.test(part) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text that does not change
      <Anchor key={index} href={part} underline="always">
        {part}
      </Anchor>
    ) : (
      part
    ),
  )
}
