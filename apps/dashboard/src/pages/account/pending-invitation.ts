const NAME = 'usageflow-invitation'

/**
 * The invitation on the way to which somebody makes an account. The link that proves their address opens
 * in another tab, so it is kept for all tabs of this browser until it was accepted.
 */
export const pendingInvitation = {
  read: (): string | null => window.localStorage.getItem(NAME),
  keep: (token: string): void => window.localStorage.setItem(NAME, token),
  forget: (): void => window.localStorage.removeItem(NAME),
}
