/** An answer that is an error, as Stripe has them. */
export class FakeError extends Error {
  readonly status: number
  readonly error: Readonly<Record<string, unknown>>

  constructor(status: number, error: Readonly<Record<string, unknown>>) {
    super(String(error.code))
    this.status = status
    this.error = error
  }
}

export function missing(param: string, id: string): FakeError {
  const message = `No such ${param}: '${id}'`
  const type = 'invalid_request_error'
  return new FakeError(404, { type, code: 'resource_missing', param, message })
}

export function refusedRequest(code: string, message: string): FakeError {
  return new FakeError(400, { type: 'invalid_request_error', code, message })
}
