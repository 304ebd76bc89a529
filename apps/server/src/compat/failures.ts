import { Failure } from '../platform/errors.ts'

/** What only clients of other products are told; what is wrong with an event is told as everywhere. */
export const failures = {
  mediaType: (type: string) =>
    new Failure(
      'malformed',
      'request.media_type',
      `Send one header \`Content-Type: ${type}\` and a body that is not compressed.`,
    ),
}
