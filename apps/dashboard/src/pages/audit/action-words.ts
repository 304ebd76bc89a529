const DONE: Readonly<Record<string, string>> = {
  GET: 'Read',
  POST: 'Made',
  PUT: 'Set',
  PATCH: 'Changed',
  DELETE: 'Removed',
}

/** What is done with a thing by a POST to a part of its path. */
const DEEDS: Readonly<Record<string, string>> = {
  accept: 'Accepted',
  amend: 'Amended',
  archive: 'Archived',
  cancel: 'Canceled',
  change: 'Changed',
  collect: 'Collected',
  commit: 'Committed',
  default: 'Made default',
  detach: 'Detached',
  'end-trial': 'Ended trial of',
  fail: 'Recorded failed payment of',
  leave: 'Left',
  move: 'Moved subscriptions to',
  pause: 'Paused',
  pay: 'Recorded payment of',
  preview: 'Previewed',
  refund: 'Refunded',
  release: 'Released',
  replay: 'Sent again',
  resend: 'Sent again',
  restore: 'Restored',
  resume: 'Resumed',
  revert: 'Reverted',
  revoke: 'Revoked',
  rotate: 'Rotated',
  'rotate-secret': 'Changed secret of',
  suspend: 'Suspended',
  test: 'Tested',
  transfer: 'Handed over',
  unpark: 'Let go on',
  unschedule: 'Took back change of',
  verify: 'Verified',
  void: 'Voided',
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
  return deedWords(last, before?.startsWith(':') ? owner : before)
}

/** What was done with a thing, by the last part of the path of a POST and what stands before it. */
function deedWords(last: string, whose: string | undefined): string {
  if (last === 'clock') return 'Moved the clock'
  if (whose === undefined) return capital(plain(last))
  const deed = DEEDS[last]
  return deed ? `${deed} ${thing(whose)}` : `${capital(plain(last))}: ${thing(whose)}`
}

function thing(plural: string): string {
  const words = plain(plural)
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`
  return words.endsWith('s') ? words.slice(0, -1) : words
}

function plain(part: string): string {
  return part.replaceAll('-', ' ').replace(/^add on/, 'add-on')
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
