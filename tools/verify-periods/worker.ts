/** Checks the spans that its parent sends it, one after the other, and answers each with what it found. */
import { withClient } from '../../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { checkPeriods } from './check.ts'
import { calendarOf } from './postgres-calendar.ts'
import type { AnchorSpan } from './spans.ts'

const [url = ''] = process.argv.slice(2)

process.on('message', (span: AnchorSpan) => {
  void check(span).then((findings) => process.send?.(findings))
})

async function check(span: AnchorSpan) {
  const calendar = await withClient(url, (client) => calendarOf(client, span))
  return checkPeriods(span.timeZone, calendar)
}
