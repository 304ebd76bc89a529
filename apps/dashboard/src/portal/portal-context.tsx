import { type QueryKey, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect } from 'react'
import type { Format } from './format.ts'
import { type PortalApi, refusalOf, type Summary } from './portal-api.ts'
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
export function usePart<T>(name: QueryKey, load: (api: PortalApi) => Promise<T>) {
  const { api, link, onRefused } = usePortal()
  const part = useQuery({ queryKey: ['portal', link, ...name], queryFn: () => load(api) })
  const { error } = part
  useEffect(() => {
    if (refusalOf(error)) onRefused(error)
  }, [error, onRefused])
  return part
}
