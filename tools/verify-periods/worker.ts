/** Checks the spans that its parent sends it, one after the other, and answers each with what it found. */
import pg from 'pg'
import { checkPeriods } from './check.ts'
import { calendarOf } from './postgres-calendar.ts'
import type { AnchorSpan } from './spans.ts'

const [url = ''] = process.argv.slice(2)

process.on('message', (span: AnchorSpan) => {
  void check(span).then((findings) => process.send?.(findings))
})

async function check(span: AnchorSpan) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return checkPeriods(span.timeZone, await calendarOf(client, span))
  } finally {
    await client.end()
  }
}
