import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../platform/errors.ts'
import { assertMay } from '../platform/http/caller.ts'
import { SpillingResponse } from '../platform/http/spilling-response.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import { readOrRefuse, type SentEvent } from './event.ts'
import { failures } from './failures.ts'
import { LineSplitter } from './line-splitter.ts'
import { type Patience, recordEventsPatiently } from './record-events.ts'
import { resultText } from './recording-answers.ts'
import { RECORDING_SCOPE, type RecordingCall } from './recording-call.ts'
import type { RecordingRouteDeps } from './track.route.ts'

export const STREAM_TYPE = 'application/x-ndjson'

const LINE_BYTES_MAX = 1024 * 1024
const BATCH_LINES_MAX = 1_000
const BATCHES_MAX = 4 // on their way into the database: enough to keep it busy, and all that is in memory
const TRIES_MAX = 20
const PAUSE_MS_MAX = 1_000

/**
 * Records a stream of events, one a line, of any length and in constant memory, and answers with one
 * result a line in their order while it comes. A line that is no event is refused, and the stream goes
 * on; while the database is away it waits. Ends the connection when it cannot go on, so that a cut
 * answer is never taken for a whole one.
 */
export async function recordStream(deps: RecordingRouteDeps, call: RecordingCall): Promise<void> {
  const { request, response, context } = call
  context.allowStream()
  response.writeHead(200, { 'content-type': STREAM_TYPE })
  const answer = new SpillingResponse(response)
  const batches = new Batches(deps, call, answer)
  try {
    const splitter = new LineSplitter(LINE_BYTES_MAX)
    for await (const chunk of request) await batches.send(splitter.push(chunk as Buffer))
    await batches.send(splitter.end())
    await batches.end()
    await answer.end()
  } catch (error) {
    context.log.info({ err: error, requestId: context.requestId }, 'a stream of events ended early')
    response.destroy()
    await answer.close().catch(() => {}) // a file without a name: there is nothing left to do about it
  }
}

/** Records some batches at a time, and answers them in order. */
class Batches {
  private readonly deps: RecordingRouteDeps
  private readonly call: RecordingCall
  private readonly answer: SpillingResponse
  private readonly patience: Patience
  private readonly answering: Promise<void>[] = []

  constructor(deps: RecordingRouteDeps, call: RecordingCall, answer: SpillingResponse) {
    this.deps = deps
    this.call = call
    this.answer = answer
    this.patience = {
      mayTry: (tries) => tries < TRIES_MAX && !call.response.destroyed,
      pause: (tries) => sleep(Math.min(50 * 2 ** tries, PAUSE_MS_MAX)),
    }
  }

  /** Waits when as many batches as may be are on their way. */
  async send(lines: readonly (Buffer | null)[]): Promise<void> {
    const events = lines.filter((line) => line === null || !isBlank(line)).map(readLine)
    for (let at = 0; at < events.length; at += BATCH_LINES_MAX) {
      if (this.answering.length === BATCHES_MAX) await this.answering.shift()
      await this.assertStillMay()
      this.begin(events.slice(at, at + BATCH_LINES_MAX))
    }
  }

  async end(): Promise<void> {
    for (const answered of this.answering) await answered
  }

  /** A stream lasts longer than the right to send it: throws when that was taken away. */
  private async assertStillMay(): Promise<void> {
    try {
      assertMay(await this.deps.authenticate(this.call.request), RECORDING_SCOPE)
    } catch (error) {
      if (error instanceof Failure) throw error // else the database is away: the batch waits for it
    }
  }

  private begin(events: readonly (SentEvent | Failure)[]): void {
    const before = this.answering.at(-1)
    const recording = recordEventsPatiently(this.deps, this.call.caller, events, this.patience)
    const answered = this.answerInOrder(recording, before)
    answered.catch(() => this.call.request.destroy()) // reported by `send` or `end`, which must not wait for more input
    this.answering.push(answered)
  }

  private async answerInOrder(
    recording: ReturnType<typeof recordEventsPatiently>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const [results] = await Promise.all([recording, before])
    await this.answer.write(results.map((result) => `${resultText(result)}\n`).join(''))
  }
}

function readLine(line: Buffer | null): SentEvent | Failure {
  return line === null
    ? failures.lineTooLong(LINE_BYTES_MAX)
    : readOrRefuse(() => parseStrictJson(line))
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
