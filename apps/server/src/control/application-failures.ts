import { Failure } from '../platform/errors.ts'

export const failures = {
  /** It is told from others letter by letter; one that has never asked for anything is none. */
  unknown: (name: string) =>
    new Failure('not_found', 'application.unknown', `No application has the name "${name}".`),
}
