import type { Clock } from '../platform/clock.ts'
import { Failure } from '../platform/errors.ts'
import type { Caller } from '../platform/http/caller.ts'
import type { EventWriter } from './batcher.ts'
import type { Outcome } from './entry.ts'
import type { SentEvent } from './event.ts'
import { aheadRefusal, PAST_DAYS_MAX, pastRefusal } from './event-age.ts'
import { type Arrival, type EventRows, type UsageEvent, writeRows } from './event-rows.ts'
import { failures } from './failures.ts'

export type RecordingDeps = {
  readonly writer: EventWriter
  readonly clock: Clock
  /** Whether a meter reads events of this name. Asked only where unknown ones are refused. */
  isMetered(envId: number, name: string): boolean | Promise<boolean>
  /** What the import takes, or null when there is none of that id. */
  importWindow(envId: number, importId: string): Promise<ImportWindow | null>
  /** How old an event may be that comes without an import. */
  readonly pastDaysMax?: number
}

/** Which events an import takes: those of `[fromUs, toUs)`, in microseconds since 1970. */
export type ImportWindow = {
  readonly importNo: number
  readonly fromUs: number
  readonly toUs: number
  readonly isReverted: boolean
}

/** What became of one event, in the caller's terms. */
export type Result =
  | { readonly status: 'recorded' | 'duplicate'; readonly event: UsageEvent }
  | { readonly status: 'refused'; readonly failure: Failure }

/** What had to be looked up to admit some events. */
type Known = {
  readonly imports: ReadonlyMap<string, ImportWindow | null>
  readonly unmetered: ReadonlySet<string>
}

const NOTHING_KNOWN: Known = { imports: new Map(), unmetered: new Set() }

/**
 * Records events that arrived together, each once. Resolves after the commit to a result for each in
 * their order; one that was refused before, as a Failure, stays refused, and does no harm to the others.
 *
 * Throws `usage.unavailable` or `usage.overloaded` when not all could be stored: sent again with their
 * keys, those that were stored turn out to be duplicates.
 */
export function recordEvents(
  deps: RecordingDeps,
  caller: Caller,
  sent: readonly (SentEvent | Failure)[],
): Promise<Result[]> {
  return admitEvents(deps, caller, sent).then((admitted) => store(deps, admitted))
}

/**
 * Like `recordEvents`, for callers whom one answer tells of all events: when one of them is refused as it stands, nothing
 * is stored. A key that turns out to have another event is found while the others are being stored: those with a key are,
 * and those without are not tried, so that all of it can be sent again.
 */
export function recordEventsTogether(
  deps: RecordingDeps,
  caller: Caller,
  sent: readonly (SentEvent | Failure)[],
): Promise<(Result | 'not tried')[]> {
  return admitEvents(deps, caller, sent).then((admitted) =>
    admitted.some((event) => event instanceof Failure)
      ? admitted.map((event) => (event instanceof Failure ? refused(event) : 'not tried'))
      : storeKeyedFirst(deps, admitted),
  )
}

/** What has no key cannot be told from its repeat, so it is only stored when nothing asks for one. */
async function storeKeyedFirst(
  deps: RecordingDeps,
  admitted: readonly (UsageEvent | Failure)[],
): Promise<(Result | 'not tried')[]> {
  const isKeyed = (event: UsageEvent | Failure) => !(event instanceof Failure) && event.isKeyed
  const keyed = admitted.filter(isKeyed)
  if (keyed.length === 0 || keyed.length === admitted.length) return store(deps, admitted)
  const first = await store(deps, keyed)
  const isRefused = first.some(({ status }) => status === 'refused')
  const rest = isRefused
    ? []
    : await store(
        deps,
        admitted.filter((event) => !isKeyed(event)),
      )
  const [nextOfFirst, nextOfRest] = [first.values(), rest.values()]
  return admitted.map(
    (event) => (isKeyed(event) ? nextOfFirst : nextOfRest).next().value ?? 'not tried',
  )
}

/** Knows nothing of what was sent: an async function keeps all that it was called with until it ends. */
async function store(
  deps: RecordingDeps,
  admitted: readonly (UsageEvent | Failure)[],
): Promise<Result[]> {
  return resultsOf(admitted, await deps.writer.record(eventsOf(admitted)))
}

/** Like `recordEvents`, for a caller who can wait: what could not be stored is tried again. */
export async function recordEventsPatiently(
  deps: RecordingDeps,
  caller: Caller,
  sent: readonly (SentEvent | Failure)[],
  patience: Patience,
): Promise<Result[]> {
  const admitted = await admitEvents(deps, caller, sent)
  const events = eventsOf(admitted) // the same each time, random keys included: none is stored twice
  const outcomes = [...(await deps.writer.record(events))]
  for (let tries = 0; outcomes.some(isOpen) && patience.mayTry(tries); tries++) {
    await patience.pause(tries)
    const again = outcomes.flatMap((outcome, index) => (isOpen(outcome) ? [index] : []))
    const answers = await deps.writer.record(again.map((index) => events[index] as UsageEvent))
    answers.forEach((outcome, place) => {
      outcomes[again[place] as number] = outcome
    })
  }
  return resultsOf(admitted, outcomes)
}

/** How long to go on, and how to wait between tries. */
export type Patience = {
  mayTry(tries: number): boolean
  pause(tries: number): Promise<void>
}

function isOpen(outcome: Outcome): boolean {
  return outcome === 'unavailable' || outcome === 'overloaded'
}

async function admitEvents(
  deps: RecordingDeps,
  caller: Caller,
  sent: readonly (SentEvent | Failure)[],
): Promise<(UsageEvent | Failure)[]> {
  const known = needsLookUp(sent, caller) ? await lookUp(deps, caller, sent) : NOTHING_KNOWN
  const nowUs = caller.environmentNow(deps.clock()).getTime() * 1_000
  const daysMax = deps.pastDaysMax ?? PAST_DAYS_MAX
  return writeRows((rows) => {
    const admission = { known, envId: caller.envId, nowUs, daysMax, rows }
    return sent.map((event) => (event instanceof Failure ? event : admit(event, admission)))
  })
}

function eventsOf(admitted: readonly (UsageEvent | Failure)[]): UsageEvent[] {
  return admitted.filter((event) => !(event instanceof Failure)) as UsageEvent[]
}

/** The outcomes are those of the events that were admitted, in their order. */
function resultsOf(
  admitted: readonly (UsageEvent | Failure)[],
  outcomes: readonly Outcome[],
): Result[] {
  let next = 0
  return admitted.map((event) =>
    event instanceof Failure ? refused(event) : resultOf(event, outcomes[next++] as Outcome),
  )
}

function needsLookUp(sent: readonly (SentEvent | Failure)[], caller: Caller): boolean {
  if (caller.refusesUnknownMeters) return true
  for (const event of sent) if (!(event instanceof Failure) && event.importId !== null) return true
  return false
}

async function lookUp(
  deps: RecordingDeps,
  { envId, refusesUnknownMeters }: Caller,
  sent: readonly (SentEvent | Failure)[],
): Promise<Known> {
  const events = sent.filter((event) => !(event instanceof Failure)) as SentEvent[]
  const imports = new Map<string, ImportWindow | null>()
  for (const { importId } of events)
    if (importId !== null && !imports.has(importId))
      imports.set(importId, await deps.importWindow(envId, importId))
  const unmetered = new Set<string>()
  if (refusesUnknownMeters)
    for (const name of new Set(events.map((event) => event.name)))
      if (!(await deps.isMetered(envId, name))) unmetered.add(name)
  return { imports, unmetered }
}

type Admission = Arrival & {
  readonly known: Known
  readonly daysMax: number
  readonly rows: EventRows
}

/** The event to store, or why not: what depends on the time, the environment and the import. */
function admit(sent: SentEvent, admission: Admission): UsageEvent | Failure {
  const { known, nowUs, daysMax, rows } = admission
  const atUs = sent.timestampUs ?? nowUs
  const ahead = aheadRefusal(atUs, nowUs)
  if (ahead) return ahead
  if (known.unmetered.has(sent.name)) return failures.meterUnknown(sent.name)
  if (sent.importId !== null) {
    const window = known.imports.get(sent.importId) ?? null
    const refusal = importRefusal(sent.importId, window, atUs)
    return refusal ?? rows.add(sent, admission, window?.importNo ?? null)
  }
  return pastRefusal(atUs, nowUs, daysMax) ?? rows.add(sent, admission, null)
}

function importRefusal(
  importId: string,
  window: ImportWindow | null,
  atUs: number,
): Failure | null {
  if (!window) return failures.importUnknown(importId)
  if (window.isReverted) return failures.importReverted(importId)
  return atUs >= window.fromUs && atUs < window.toUs ? null : failures.outsideImport(importId)
}

function refused(failure: Failure): Result {
  return { status: 'refused', failure }
}

function resultOf(event: UsageEvent, outcome: Outcome): Result {
  switch (outcome) {
    case 'recorded':
    case 'duplicate':
      return { status: outcome, event }
    case 'reused':
      return refused(failures.keyReused())
    case 'unavailable':
      throw failures.unavailable()
    case 'overloaded':
      throw failures.overloaded()
    case 'failed':
      return refused(failures.notStorable())
    default:
      throw new TypeError(`unknown outcome: ${outcome satisfies never}`)
  }
}
