import { useEffect, useRef, useState } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { ApiError } from '../../api/errors.ts'
import { followEvents, type TailMessage } from '../../api/event-stream.ts'
import type { UsageEvent } from '../../api/records.ts'

const EVENTS_SHOWN_MAX = 200
const AGAIN_MS = 2_000

type Tail = {
  readonly events: readonly UsageEvent[]
  /** Arrived while nobody wanted to see more. */
  readonly waiting: readonly UsageEvent[]
  readonly status: 'connecting' | 'live' | 'lost'
  readonly hasGap: boolean
  readonly error: unknown
}

const BEGINNING: Tail = {
  events: [],
  waiting: [],
  status: 'connecting',
  hasGap: false,
  error: null,
}

/** The events that arrived since this began, the newest first; those of a pause come when it ends. */
export function useLiveTail(name: string | null) {
  const { organizationId, mode } = useEnvironment()
  const [tail, setTail] = useState(BEGINNING)
  const [isPaused, setPausedState] = useState(false)
  const paused = useRef(false)

  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const filter: Readonly<Record<string, string>> = name === null ? {} : { name }
    const message = (arrived: TailMessage): void =>
      setTail((before) => after(before, arrived, paused.current))
    const follow = async (): Promise<void> => {
      const error = await followEvents({ organizationId, mode }, filter, {
        signal: stop.signal,
        message,
      }).catch((failure: unknown) => failure)
      if (stop.signal.aborted) return
      setTail((before) => ({ ...before, status: 'lost', error: refusalIn(error) }))
      timer = setTimeout(() => void follow(), AGAIN_MS)
    }
    setTail(BEGINNING)
    void follow()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [organizationId, mode, name])

  const setPaused = (wanted: boolean): void => {
    paused.current = wanted
    setPausedState(wanted)
    if (!wanted)
      setTail((before) => ({
        ...before,
        events: latest(before.waiting, before.events),
        waiting: [],
      }))
  }
  return { ...tail, isPaused, setPaused }
}

/** What the server said; that it could not be reached, the status says. */
function refusalIn(failure: unknown): ApiError | null {
  return failure instanceof ApiError ? failure : null
}

/** What is known once `message` has come. */
function after(tail: Tail, message: TailMessage, isPaused: boolean): Tail {
  if (message.kind === 'live') return { ...tail, status: 'live', error: null }
  if (message.kind === 'gap') return { ...tail, hasGap: true }
  if (isPaused) return { ...tail, waiting: latest([message.event], tail.waiting) }
  return { ...tail, events: latest([message.event], tail.events) }
}

function latest(arrived: readonly UsageEvent[], before: readonly UsageEvent[]): UsageEvent[] {
  return [...arrived, ...before].slice(0, EVENTS_SHOWN_MAX)
}
