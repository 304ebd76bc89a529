import { Failure } from '../platform/errors.ts'

export const failures = {
  /** Also where the policy is another tenant's: nobody finds out that there is one. */
  limitUnknown: (policyId: string, name: string) =>
    new Failure(
      'not_found',
      'limit.unknown',
      `No policy "${policyId}" has a limit "${name}". Read the configuration again.`,
    ),
}
