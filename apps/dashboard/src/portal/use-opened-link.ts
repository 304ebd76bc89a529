import { useCallback, useEffect, useState } from 'react'
import { keptLink, openLink, refusalOf } from './portal-api.ts'

type OpenedLink =
  | { readonly state: 'opening' }
  | { readonly state: 'none' }
  | { readonly state: 'open'; readonly link: string }
  | { readonly state: 'failed'; readonly error: unknown; retry(): void }

const TOKEN = /^#(ufp_.+)$/

/**
 * Opens the link whose token stands behind the `#` of the address, and takes it out of there; without
 * one, goes on with the link that this tab has open.
 */
export function useOpenedLink(): OpenedLink {
  const [opened, setOpened] = useState<OpenedLink>({ state: 'opening' })
  const open = useCallback(async () => {
    const token = TOKEN.exec(window.location.hash)?.[1]
    const kept = keptLink.read()
    if (token === undefined) {
      setOpened(kept === null ? { state: 'none' } : { state: 'open', link: kept })
      return
    }
    setOpened({ state: 'opening' })
    try {
      const link = await openLink(token)
      keptLink.write(link)
      forgetToken()
      setOpened({ state: 'open', link })
    } catch (error) {
      if (refusalOf(error)) forgetToken() // else it is still needed to try again
      setOpened({ state: 'failed', error, retry: () => void open() })
    }
  }, [])
  useEffect(() => {
    void open()
    const again = (): void => {
      if (TOKEN.test(window.location.hash)) void open()
    }
    window.addEventListener('hashchange', again)
    return () => window.removeEventListener('hashchange', again)
  }, [open])
  return opened
}

function forgetToken(): void {
  window.history.replaceState(window.history.state, '', window.location.pathname)
}
