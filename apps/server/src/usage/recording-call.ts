import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendError } from '../platform/http/answer.ts'
import { type Authenticate, assertMay, type Caller, type Scope } from '../platform/http/caller.ts'
import type { RawContext } from '../platform/http/route.ts'
import { type BodyBudget, receiveBody } from './body.ts'
import { type RecordingHeaders, readHeaders as readOwnHeaders } from './request-headers.ts'

export const RECORDING_SCOPE = 'usage:write'

/** Who may call, and how that is found out. */
export type Door = {
  readonly authenticate: Authenticate
  readonly scope: Scope
  /** Finds out how the body is to be read, where that is not as with our own events. */
  readHeaders?(request: IncomingMessage): RecordingHeaders
}

/** A request to record events, from a caller who may. */
export type RecordingCall = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly context: RawContext
  readonly caller: Caller
  readonly headers: RecordingHeaders
}

/**
 * Finds out who calls and how the body is to be read, and lets `work` do the rest. Whatever is thrown
 * is answered. Waits for nothing when the caller is known, as on almost every call.
 */
export function beginRecording(
  { authenticate, scope, readHeaders = readOwnHeaders }: Door,
  parts: Omit<RecordingCall, 'caller' | 'headers'>,
  work: (call: RecordingCall) => void,
): void {
  const { request } = parts
  const begin = (caller: Caller): void => {
    assertMay(caller, scope)
    work({ caller, headers: readHeaders(request), ...parts })
  }
  const refuse = (error: unknown): void => {
    request.resume() // the rest of the body is dropped, and the connection serves the next request
    fail(parts, error)
  }
  try {
    const caller = authenticate(request)
    if (caller instanceof Promise) caller.then(begin).catch(refuse)
    else begin(caller)
  } catch (error) {
    refuse(error)
  }
}

/** Receives the body whole and answers what `work` throws. */
export function withBody(
  call: RecordingCall,
  limits: { readonly bytesMax: number; readonly budget: BodyBudget },
  work: (body: Buffer) => Promise<void>,
): void {
  const answer = async (body: Buffer): Promise<void> => work(body) // also what it throws at once is caught
  receiveBody(call.request, limits.bytesMax, limits.budget, (failure, body) => {
    if (failure) fail(call, failure)
    else answer(body).catch((error) => fail(call, error))
  })
}

function fail(
  { response, context }: Pick<RecordingCall, 'response' | 'context'>,
  error: unknown,
): void {
  if (response.headersSent) response.destroy()
  else sendError(response, error, context)
}
