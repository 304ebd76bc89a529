import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '../../platform/errors.ts'
import type { EventInput, EventLine } from './event-line.ts'

/** What an import needs of the outside: the file twice, the API, and somewhere to remember how far it came. */
export type ImportPorts = {
  readEvents(): AsyncIterable<EventLine>
  /** Answers with the parsed body, whatever the status. Rejects when no answer came. */
  post(path: string, body: unknown): Promise<{ status: number; body: unknown }>
  /** The last line up to which everything was answered, of an import that did not end; 0 to begin. */
  resume(): Promise<Progress>
  remember(progress: Progress): Promise<void>
  onRefused(line: number, reason: string): void
  onProgress(linesDone: number, linesAll: number): void
}

export type Progress = { readonly importId: string | null; readonly lineDone: number }

export type ImportReport = {
  readonly lines: number
  readonly recorded: number
  readonly duplicates: number
  readonly refused: number
  /** Lines that an earlier, interrupted run had already sent. */
  readonly skipped: number
}

const BATCH_LINES = 500
const BATCH_CHARACTERS = 1_000_000 // the server takes 5 MiB, and a character has up to four bytes
const RETRY_MS_MAX = 5_000
const TRIES_MAX = 20 // with growing pauses, about a minute and a half

/**
 * Sends a file of usage in batches inside one named import. Every line has its own idempotency key, so
 * an interrupted run goes on where it stopped and the same file twice changes nothing.
 */
export async function importFile(source: string, ports: ImportPorts): Promise<ImportReport> {
  const survey = await surveyFile(ports)
  if (survey.lines === 0) return { lines: 0, recorded: 0, duplicates: 0, refused: 0, skipped: 0 }
  const earlier = await ports.resume()
  const importId = earlier.importId ?? (await openImport(source, survey, ports))
  const counts = { lines: survey.lines, recorded: 0, duplicates: 0, refused: 0, skipped: 0 }
  let done = 0
  for await (const batch of batches(ports.readEvents())) {
    done += batch.length
    const fresh = batch.filter(({ line }) => line > earlier.lineDone)
    counts.skipped += batch.length - fresh.length
    await sendBatch(fresh, importId, counts, ports)
    const last = fresh.at(-1)
    if (last) await ports.remember({ importId, lineDone: last.line })
    ports.onProgress(done, survey.lines)
  }
  await ports.remember({ importId: null, lineDone: 0 })
  return counts
}

/** Cuts the lines into what fits into one request. */
async function* batches(lines: AsyncIterable<EventLine>): AsyncGenerator<EventLine[]> {
  let batch: EventLine[] = []
  let characters = 0
  for await (const line of lines) {
    batch.push(line)
    characters += JSON.stringify(line).length
    if (batch.length < BATCH_LINES && characters < BATCH_CHARACTERS) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}

type Survey = { readonly lines: number; readonly fromMs: number; readonly toMs: number }

/** Reads the file once, for the number of its lines and the time that it spans. */
async function surveyFile(ports: ImportPorts): Promise<Survey> {
  let lines = 0
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  for await (const read of ports.readEvents()) {
    lines += 1
    const atMs =
      'event' in read && read.event.timestamp ? Date.parse(read.event.timestamp) : Number.NaN
    if (Number.isNaN(atMs)) continue
    fromMs = Math.min(fromMs, atMs)
    toMs = Math.max(toMs, atMs)
  }
  return { lines, fromMs, toMs }
}

/** A file without any time needs no window: its events happen when they arrive. */
async function openImport(
  source: string,
  survey: Survey,
  ports: ImportPorts,
): Promise<string | null> {
  if (survey.fromMs > survey.toMs) return null
  const from = new Date(survey.fromMs).toISOString()
  const to = new Date(survey.toMs + 1).toISOString() // half-open
  const { body } = await posted('/api/v1/imports', { source, from, to }, ports)
  return (body as { id: string }).id
}

type Result = { readonly status: string; readonly error?: { readonly message: string } }

/** Sends what can be sent of the lines, counts what became of each, and reports what was refused, in order. */
async function sendBatch(
  batch: readonly EventLine[],
  importId: string | null,
  counts: { recorded: number; duplicates: number; refused: number },
  ports: ImportPorts,
): Promise<void> {
  const events = batch.flatMap((line) => ('event' in line ? [line.event] : []))
  const results = events.length === 0 ? [] : await postEvents(events, importId, ports)
  invariant(results.length === events.length, 'the server answers for each event')
  const remaining = results.values()
  for (const read of batch) {
    const result = 'refused' in read ? refusal(read.refused) : remaining.next().value
    if (result?.status === 'recorded') counts.recorded += 1
    else if (result?.status === 'duplicate') counts.duplicates += 1
    else {
      counts.refused += 1
      ports.onRefused(read.line, result?.error?.message ?? 'was refused')
    }
  }
}

function refusal(message: string): Result {
  return { status: 'refused', error: { message } }
}

async function postEvents(
  events: readonly EventInput[],
  importId: string | null,
  ports: ImportPorts,
): Promise<readonly Result[]> {
  const bodies = importId === null ? events : events.map((event) => ({ ...event, importId }))
  const { body } = await posted('/api/v1/events', bodies, ports)
  return (body as { results: readonly Result[] }).results
}

/** Posts until it is answered: an outage is waited out, a refusal ends the import. */
async function posted(path: string, body: unknown, ports: ImportPorts): Promise<{ body: unknown }> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ports
      .post(path, body)
      .catch((error: unknown) => ({ status: 0, body: String(error) }))
    if (answer.status >= 200 && answer.status < 300) return answer
    const isPassing = answer.status === 0 || answer.status === 429 || answer.status >= 500
    if (!isPassing || tries === TRIES_MAX) throw new ImportStopped(answer.status, answer.body)
    await sleep(Math.min(RETRY_MS_MAX, 100 * 2 ** tries))
  }
}

/** The server refused the import as a whole, or stayed away. What was sent is safe; run it again to go on. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped'

  constructor(status: number, body: unknown) {
    const said = (body as { error?: { message?: string } } | null)?.error?.message ?? String(body)
    super(status === 0 ? `no answer: ${said}` : `the server answered ${status}: ${said}`)
  }
}
