import { Failure } from '../platform/errors.ts'

export const failures = {
  /** Its draft is computed anew whenever it is read. */
  notFinal: (invoice: string) =>
    new Failure(
      'conflict',
      'invoice.not_final',
      `Invoice "${invoice}" is a draft: there is nothing stored to verify. Read it to see what it comes to now.`,
    ),
}
