import { Button, Drawer, Stack, Tabs, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CodeBlock } from '../ui/code-block.tsx'
import { Facts, PageHeader } from '../ui/page.tsx'
import classes from './RecordPage.module.css'

export type Tab = { readonly id: string; readonly label: string; readonly content: ReactNode }

/** One thing: its name, its state, what matters about it, what can be done, and the rest in tabs. */
export function RecordPage({
  title,
  sentence,
  badge,
  actions,
  facts,
  record,
  call,
  tabs = [],
  children,
}: {
  readonly title: ReactNode
  readonly sentence?: ReactNode
  readonly badge?: ReactNode
  readonly actions?: ReactNode
  readonly facts: Readonly<Record<string, ReactNode>>
  /** As the API answers it. */
  readonly record: unknown
  /** The call that answers it, like `GET /api/v1/plans/pro`. */
  readonly call: string
  readonly tabs?: readonly Tab[]
  readonly children?: ReactNode
}) {
  return (
    <>
      <PageHeader
        title={title}
        sentence={sentence}
        badge={badge}
        actions={
          <>
            <AsJson record={record} call={call} />
            {actions}
          </>
        }
      />
      <Facts facts={facts} />
      {children}
      {tabs.length > 0 && <RecordTabs tabs={tabs} />}
    </>
  )
}

/** Parts of a page of which one is shown; which, stands in the address. */
export function RecordTabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const navigate = useNavigate()
  const [first] = tabs
  const shown = tabs.find(({ id }) => id === tab) ?? first
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const name = shown?.id // on a narrow screen the tab that an address names may stand outside
    if (name !== undefined && list.current) showSelected(list.current)
  }, [shown?.id])
  const show = (id: string | null): void => {
    const search = id === null || id === first?.id ? {} : { tab: id }
    void navigate({ to: '.', search, replace: true } as Parameters<typeof navigate>[0])
  }
  return (
    <Tabs value={shown?.id ?? null} onChange={show} keepMounted={false} mt="lg">
      <Tabs.List mb="md" className={classes.tabs} ref={list}>
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** Moves the tabs and not the page, which begins above them. */
function showSelected(list: HTMLElement): void {
  const tab = list.querySelector('[aria-selected="true"]')?.getBoundingClientRect()
  if (!tab) return
  const frame = list.getBoundingClientRect()
  list.scrollLeft += Math.max(0, tab.right - frame.right) - Math.max(0, frame.left - tab.left)
}

/** What a program would see, and how it would ask. */
function AsJson({ record, call }: { readonly record: unknown; readonly call: string }) {
  const [isOpen, setOpen] = useState(false)
  const [method = 'GET', path = ''] = call.split(' ')
  const curl = `curl ${method === 'GET' ? '' : `-X ${method} `}${window.location.origin}${path} \\\n  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY"`
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        API
      </Button>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size="lg"
        title="As a program sees it"
      >
        <Stack gap="md">
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              The call
            </Text>
            <CodeBlock label="The call" text={curl} />
          </div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              The answer
            </Text>
            <CodeBlock label="The answer" text={JSON.stringify(record, null, 2)} />
          </div>
        </Stack>
      </Drawer>
    </>
  )
}
