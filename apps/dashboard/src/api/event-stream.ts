import { openStream } from './client.ts'
import type { Environment } from './environment.tsx'
import type { UsageEvent } from './records.ts'

export type TailMessage =
  | { readonly kind: 'live' }
  | { readonly kind: 'gap' }
  | { readonly kind: 'usage'; readonly event: UsageEvent }

const RECORD_END = '\n\n'

/**
 * Reads the live tail until it ends or `signal` stops it. `EventSource` could not say which environment
 * is meant: it sends no headers of ours.
 */
export async function followEvents(
  environment: Pick<Environment, 'organizationId' | 'mode'>,
  filter: Readonly<Record<string, string>>,
  on: { readonly signal: AbortSignal; readonly message: (message: TailMessage) => void },
): Promise<void> {
  const address = `/api/v1/events/tail?${new URLSearchParams(filter)}`
  const stream = await openStream(environment, address, on.signal)
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    const records = (rest + value).split(RECORD_END)
    rest = records.pop() ?? ''
    for (const record of records) {
      const message = readRecord(record)
      if (message) on.message(message)
    }
  }
}

/** One record of server-sent events; null for comments and what is not ours. */
export function readRecord(record: string): TailMessage | null {
  const lines = record.split('\n')
  const name = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length)
  const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length)
  if (name === 'live' || name === 'gap') return { kind: name }
  if (name !== 'usage' || data === undefined) return null
  return { kind: 'usage', event: JSON.parse(data) as UsageEvent }
}
