/** What the server said about a call that failed; `status` 0: it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | null

  constructor(answer: {
    status: number
    code: string
    message: string
    details?: Readonly<Record<string, unknown>>
    requestId?: string | null
  }) {
    super(answer.message)
    this.status = answer.status
    this.code = answer.code
    this.details = answer.details ?? {}
    this.requestId = answer.requestId ?? null
  }
}

/** Reads the body of a failed answer, whatever stands in it. */
export function toApiError(status: number, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null | undefined)?.error
  if (typeof error?.message === 'string' && typeof error.code === 'string')
    return new ApiError({
      status,
      code: error.code,
      message: error.message,
      details: (error.details ?? {}) as Record<string, unknown>,
      requestId: typeof error.requestId === 'string' ? error.requestId : null,
    })
  return new ApiError({
    status,
    code: 'unreadable',
    message: `The server answered ${status}, and not in a way that the dashboard understands.`,
  })
}

export const unreachable = (): ApiError =>
  new ApiError({
    status: 0,
    code: 'unreachable',
    message: 'The server cannot be reached. Check the connection and try again.',
  })

/** What the failed call says about single fields, by their place in the body, like `tiers.0.unitPrice`. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {}
  const { issues } = error.details
  if (!Array.isArray(issues)) return {}
  return Object.fromEntries(
    (issues as { at?: unknown; message?: unknown }[]).map(({ at, message }) => [
      String(at ?? '')
        .slice(1)
        .replaceAll('/', '.'),
      String(message ?? ''),
    ]),
  )
}

/** A sentence for people about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
