// Counts the pictures that were made for a customer, and compares with it what UsageFlow bills.
import { setTimeout as sleep } from 'node:timers/promises'
import { picturesOf } from './pictures.mjs'
import { ask } from './usage-flow-api.mjs'

/** In cents, and said here once more: what is compared must not come from the same place. */
const SOLD = [
  { meter: 'STANDARD_IMAGE', quality: 'standard', cents: 4n },
  { meter: 'HD_IMAGE', quality: 'hd', cents: 8n },
]
const WAIT_MS_MAX = 60_000
const POLL_MS = 200

const [customerId = 'ann'] = process.argv.slice(2)
const invoice = await finalInvoice()
const pictures = picturesOf(customerId)

let dueMinor = 0n
for (const { meter, quality, cents } of SOLD) {
  const made = BigInt(pictures.count(quality))
  const { quantity = '0', amountMinor = '0' } =
    invoice.lines.find((line) => line.meter === meter) ?? {}
  compare(`${quality} images`, quantity, made)
  compare(`${quality} images, cents`, amountMinor, made * cents)
  dueMinor += made * cents
}
compare('in all, cents', invoice.totalMinor, dueMinor)
const { verified } = await ask('POST', `invoices/${invoice.id}/verify`)
compare('counted again from its events', verified, true)

function compare(what, billed, expected) {
  const isRight = String(billed) === String(expected)
  console.log(
    `${isRight ? 'right' : 'WRONG'}  ${what}: ${billed}${isRight ? '' : `, not ${expected}`}`,
  )
  if (!isRight) process.exitCode = 1
}

/** It is made when its period and an hour of grace are over. */
async function finalInvoice() {
  for (const endMs = Date.now() + WAIT_MS_MAX; Date.now() < endMs; await sleep(POLL_MS)) {
    const { data } = await ask('GET', `invoices?status=finalized&customerId=${customerId}`)
    if (data.length > 0) return ask('GET', `invoices/${data.at(-1).id}`)
  }
  throw new Error(`${customerId} has no final invoice: is the month over?`)
}
