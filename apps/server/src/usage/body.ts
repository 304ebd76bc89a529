import type { IncomingMessage } from 'node:http'
import type { Failure } from '../platform/errors.ts'
import { failures } from './failures.ts'

/** What the bodies that are being received take in memory, all together. */
export class BodyBudget {
  readonly bytesMax: number
  private bytes = 0

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  get isSpent(): boolean {
    return this.bytes > this.bytesMax
  }

  take(bytes: number): void {
    this.bytes += bytes
  }

  give(bytes: number): void {
    this.bytes -= bytes
  }
}

type Received = (failure: Failure | null, body: Buffer) => void

const NOTHING = Buffer.alloc(0)

/**
 * Receives a body of at most `bytesMax` and calls back once, unless the client goes away first. After
 * a failure the rest is received and dropped, so that the connection can serve the next request.
 */
export function receiveBody(
  request: IncomingMessage,
  bytesMax: number,
  budget: BodyBudget,
  received: Received,
): void {
  let parts: Buffer[] = []
  let bytes = 0
  let isOver = false

  const finish = (failure: Failure | null): void => {
    if (isOver) return
    isOver = true
    const body = failure
      ? NOTHING
      : parts.length === 1
        ? (parts[0] as Buffer)
        : Buffer.concat(parts, bytes)
    parts = []
    budget.give(bytes)
    received(failure, body)
  }

  request.on('data', (part: Buffer) => {
    if (isOver) return
    parts.push(part)
    bytes += part.length
    budget.take(part.length)
    if (bytes > bytesMax) finish(failures.bodyTooLarge(bytesMax))
    else if (budget.isSpent) finish(failures.overloaded())
  })
  request.on('end', () => finish(null))
  request.on('close', () => {
    if (isOver) return
    isOver = true // nobody is left to answer
    parts = []
    budget.give(bytes)
  })
  if (Number(request.headers['content-length']) > bytesMax) finish(failures.bodyTooLarge(bytesMax))
}
