import { useEffect, useState } from 'react'

const AWAITED_MS = 120_000

/**
 * Whether they just came back from giving a means to pay, which the address says once; and whether that may still be
 * on its way here.
 */
export function useGiven(): { readonly isGiven: boolean; readonly isAwaited: boolean } {
  const [isGiven] = useState(() => new URLSearchParams(window.location.search).has('given'))
  const [isAwaited, setAwaited] = useState(isGiven)
  useEffect(() => {
    if (!isGiven) return
    window.history.replaceState(window.history.state, '', window.location.pathname) // once is enough
    const timer = setTimeout(() => setAwaited(false), AWAITED_MS)
    return () => clearTimeout(timer)
  }, [isGiven])
  return { isGiven, isAwaited }
}
