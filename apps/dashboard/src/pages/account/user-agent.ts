const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['curl/', 'curl'],
] as const // whoever comes later in the list is named by those before as well

const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

/** Like "Firefox on Linux": enough to know one's own again. */
export function deviceWords(userAgent: string | null): string {
  const text = userAgent ?? ''
  const browser = BROWSERS.find(([mark]) => text.includes(mark))?.[1]
  const system = SYSTEMS.find(([mark]) => text.includes(mark))?.[1]
  if (browser === undefined && system === undefined) return 'Unknown device'
  return [browser ?? 'Browser', system].filter(Boolean).join(' on ')
}
