import type { CorpusEntry } from './entry.ts'
import { wrongFields } from './refuse-fields.ts'
import { wrongRequests } from './refuse-requests.ts'

/** Must be answered 4xx: never taken, and never a mistake of ours. */
export const mustRefuse: readonly CorpusEntry[] = [...wrongFields, ...wrongRequests]
