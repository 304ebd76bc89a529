import type { Route } from '../platform/http/route.ts'
import type { RecordingRouteDeps } from '../usage/track.route.ts'
import { dodoIngest } from './dodo.ts'
import { type DodoReadingDeps, dodoReadingRoutes } from './dodo-reading.routes.ts'
import { ingestRoute } from './ingest.ts'
import { lagoBatchIngest, lagoIngest } from './lago.ts'
import { metronomeIngest } from './metronome.ts'
import { openmeterIngest } from './openmeter.ts'
import { orbIngest } from './orb.ts'
import { polarIngest } from './polar.ts'
import { stripeIngest } from './stripe.ts'

const DIALECTS = [
  dodoIngest,
  openmeterIngest,
  lagoIngest,
  lagoBatchIngest,
  orbIngest,
  metronomeIngest,
  polarIngest,
  stripeIngest,
]

export type CompatDeps = DodoReadingDeps & { readonly recording: RecordingRouteDeps }

/** What the clients of other products call. */
export function compatRoutes({ recording, ...reading }: CompatDeps): Route[] {
  return [
    ...DIALECTS.map((dialect) => ingestRoute(dialect, recording)),
    ...dodoReadingRoutes(reading),
  ]
}
