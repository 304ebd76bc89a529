const DONE: Readonly<Record<string, string>> = {
  GET: 'Read',
  POST: 'Made',
  PUT: 'Set',
  PATCH: 'Changed',
  DELETE: 'Removed',
}

/**
 * What was done, in words, of an action like `POST /api/v1/plans/:planKey/versions`. A part of a path that
 * stands behind an id says what was done with it, unless it names things, which end in "s".
 */
export function actionWords(action: string): string {
  const [method = '', path = ''] = action.split(' ')
  const parts = path.split('/').filter((part) => part !== '' && part !== 'api' && part !== 'v1')
  const last = parts.at(-1)
  if (last === undefined) return action
  const [before, owner] = parts.slice(0, -1).reverse()
  const done = DONE[method]
  if (done === undefined) return action // a command, not a route
  if (method === 'GET' && last === 'export') return `Exported ${plain(before ?? '')}`
  if (last.startsWith(':')) return `${done} ${thing(before ?? '')}`
  if (method !== 'POST') return `${done} ${plain(last)}`
  if (last.endsWith('s')) return `${done} ${thing(last)}`
  const whose = before?.startsWith(':') ? owner : before
  return whose === undefined ? capital(plain(last)) : `${capital(plain(last))}: ${thing(whose)}`
}

function thing(plural: string): string {
  const words = plain(plural)
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`
  return words.endsWith('s') ? words.slice(0, -1) : words
}

function plain(part: string): string {
  return part.replaceAll('-', ' ')
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
