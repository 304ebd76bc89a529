import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useRef } from 'react'
import { newKey } from '../api/action.ts'
import { ApiError } from '../api/errors.ts'
import type { Format } from './format.ts'
import { answered, type PortalApi, refusalOf, type Summary } from './portal-api.ts'
import type { Words } from './words.ts'

/** Everything that a part of the portal goes by. */
export type Portal = {
  readonly link: string
  readonly api: PortalApi
  readonly summary: Summary
  readonly words: Words
  readonly format: Format
  /** The link is over: nothing more can be shown. */
  readonly onRefused: (error: unknown) => void
}

export const PortalContext = createContext<Portal | null>(null)

/** Only below `PortalContext`. */
export function usePortal(): Portal {
  const portal = useContext(PortalContext)
  if (!portal) throw new Error('a part of the portal stands outside of it')
  return portal
}

/** What one part of the page shows. When the link is over, the whole page says so. */
export function usePart<T>(
  name: QueryKey,
  load: (api: PortalApi) => Promise<T>,
  /** In how many milliseconds what was loaded has changed by itself; false: it does not. */
  changesInMs: (data: T) => number | false = () => false,
) {
  const { api, link, onRefused } = usePortal()
  const part = useQuery({
    queryKey: ['portal', link, ...name],
    queryFn: () => load(api),
    refetchInterval: ({ state: { data } }) => (data === undefined ? false : changesInMs(data)),
  })
  const { error } = part
  useEffect(() => {
    if (refusalOf(error)) onRefused(error)
  }, [error, onRefused])
  return part
}

const ASK_AGAIN_MS = 4_000

/** What they can pay with. A card may come a moment after its owner came back from where it was given. */
export function useMethods(isAwaited = false) {
  return usePart(
    ['payment-methods'],
    (api) => answered(api.GET('/api/portal/v1/payment-methods')),
    ({ canAdd, data }) => canAdd && (isAwaited || data.length === 0) && ASK_AGAIN_MS,
  )
}

/**
 * Something that they do. Until the server has given an answer every try carries the same key, so that a click after a
 * lost connection does it once. What the page shows is asked for again afterwards.
 */
export function useVisitAction<T>(
  run: (call: {
    readonly api: PortalApi
    readonly header: { readonly 'idempotency-key': string }
  }) => Promise<T>,
  onDone: (answer: T) => void = () => {},
) {
  const { api, link, onRefused } = usePortal()
  const queries = useQueryClient()
  const attempt = useRef<string | null>(null)
  return useMutation({
    mutationFn: () => {
      attempt.current ??= newKey()
      return run({ api, header: { 'idempotency-key': attempt.current } })
    },
    onSuccess: async (answer) => {
      attempt.current = null
      onDone(answer)
      await queries.invalidateQueries({ queryKey: ['portal', link] })
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500)
        attempt.current = null // the server has looked at it and said no
      onRefused(error)
    },
  })
}
