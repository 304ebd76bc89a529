import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { readNow } from '../clock.ts'
import { type Environment, useEnvironment } from './environment.tsx'
import { ApiError } from './errors.ts'

/** What a call that changes something is given: a key that makes its repetition harmless. */
export type ActionCall = {
  readonly environment: Environment
  readonly headers: { readonly 'idempotency-key': string }
}

/**
 * A change on the server. Until the server has given an answer, every try carries the same
 * idempotency key, so that a click after a lost connection cannot do it twice. What pages show of the
 * environment is asked for again afterwards.
 */
export function useAction<Answer, Input = void>(
  run: (input: Input, call: ActionCall) => Promise<Answer>,
  options: { readonly onDone?: (answer: Answer, input: Input) => void } = {},
): UseMutationResult<Answer, Error, Input> {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const attempt = useRef<string | null>(null)
  return useMutation<Answer, Error, Input>({
    mutationFn: (input) => {
      attempt.current ??= newKey()
      return run(input, { environment, headers: { 'idempotency-key': attempt.current } })
    },
    onSuccess: async (answer, input) => {
      attempt.current = null
      options.onDone?.(answer, input)
      await queries.invalidateQueries({ queryKey: environment.key })
    },
    onError: (error) => {
      if (isDecided(error)) attempt.current = null
    },
  })
}

/** Whether the server has looked at the request and refused it; else it may have carried it out. */
function isDecided(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500
}

/** `randomUUID` is only there over https, and a server in one's own house may be reached without. */
export function newKey(): string {
  // tidy: chance — the key of a request only has to differ from the reader's others
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `dashboard-${readNow().getTime().toString(36)}-${text}`
}
