const DONE: Readonly<Record<string, string>> = {
  GET: 'Read',
  POST: 'Made',
  PUT: 'Set',
  PATCH: 'Changed',
  DELETE: 'Removed',
}

/** What cannot be told part by part. */
const WHOLE: Readonly<Record<string, string>> = {
  'PUT /api/v1/stripe': 'Connected Stripe',
  'DELETE /api/v1/stripe': 'Disconnected Stripe',
  'PUT /api/v1/customers/:customerId/stripe-customer': 'Linked customer to Stripe',
  'POST /api/v1/stripe/triggers/:triggerId/retry': 'Told Stripe refused usage again',
  'POST /api/v1/stripe/sync-records/:recordId/retry': 'Told Stripe a refused record again',
  'POST /api/v1/stripe/invoices/:invoiceId/retry': 'Had a refused invoice billed at Stripe again',
  'POST /api/portal/v1/invoices/:invoiceId/pay': 'Paid invoice',
  'POST /api/auth/sign-on/finish': 'Signed on',
  'POST /api/v1/clock': 'Moved the clock',
  'POST /api/v1/control/usage': 'Recorded usage',
  'POST /api/v1/sessions/end-others': 'Ended other sessions',
  'DELETE /api/v1/organizations/:organizationId/deletion': 'Restored organization',
}

/** What is done with a thing by a POST to a part of its path. */
const DEEDS: Readonly<Record<string, string>> = {
  accept: 'Accepted',
  act: 'Acted on',
  amend: 'Amended',
  archive: 'Archived',
  cancel: 'Canceled',
  change: 'Changed',
  check: 'Checked',
  collect: 'Collected',
  commit: 'Committed',
  default: 'Made default',
  deletion: 'Deleted',
  detach: 'Detached',
  end: 'Ended',
  'end-trial': 'Ended trial of',
  fail: 'Recorded failed payment of',
  leave: 'Left',
  move: 'Moved subscriptions to',
  open: 'Opened',
  pause: 'Paused',
  pay: 'Recorded payment of',
  preview: 'Previewed',
  refund: 'Refunded',
  release: 'Released',
  replay: 'Sent again',
  resend: 'Sent again',
  resume: 'Resumed',
  revert: 'Reverted',
  rotate: 'Rotated',
  'rotate-secret': 'Changed secret of',
  suspend: 'Suspended',
  test: 'Tested',
  transfer: 'Handed over',
  uncancel: 'Took back cancelation of',
  unpark: 'Let billing go on of',
  unschedule: 'Took back change of',
  verify: 'Verified',
  void: 'Voided',
}

/**
 * What was done, in words, of an action like `POST /api/v1/plans/:planKey/versions`. A part of a path that
 * stands behind an id says what was done with it, unless it names things, which end in "s".
 */
export function actionWords(action: string): string {
  const whole = WHOLE[action]
  if (whole) return whole
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
