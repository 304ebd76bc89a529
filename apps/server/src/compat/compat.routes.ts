import type { Route } from '../platform/http/route.ts'
import type { RecordingRouteDeps } from '../usage/track.route.ts'
import { dodoIngest } from './dodo.ts'
import { ingestRoute } from './ingest.ts'

const DIALECTS = [dodoIngest]

/** What the clients of other products call. */
export function compatRoutes({ recording }: { readonly recording: RecordingRouteDeps }): Route[] {
  return DIALECTS.map((dialect) => ingestRoute(dialect, recording))
}
