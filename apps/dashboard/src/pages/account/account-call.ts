import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { callAccount } from '../../api/client.ts'
import { sessionQuery } from '../../api/session.ts'

/** A call that may end with somebody signed in. */
export function useAccountCall<Input, Answer = unknown>(
  path: string,
  onDone: (answer: Answer, input: Input) => void | Promise<void>,
  headers: Readonly<Record<string, string>> = {},
) {
  return useMutation<Answer, Error, Input>({
    mutationFn: (input) => callAccount<Answer>('POST', path, { body: input, headers }),
    onSuccess: onDone,
  })
}

/** Goes where the reader was on the way to (`kept`, or as the address says), now that they are signed in. Only within the dashboard. */
export function useEnter(kept?: string): () => Promise<void> {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { next = kept } = useSearch({ strict: false }) as { next?: string }
  return async () => {
    queries.clear()
    await queries.fetchQuery(sessionQuery)
    await navigate({ href: isWithin(next) ? next : '/' })
  }
}

/** `//elsewhere.example` begins with a slash as well, and would leave. */
function isWithin(next: string | undefined): next is string {
  if (next === undefined || !next.startsWith('/')) return false
  return new URL(next, window.location.origin).origin === window.location.origin
}
