import { z } from 'zod'
import { type Route, route } from '../../platform/http/route.ts'
import { tag } from '../control-fields.ts'
import { recordReport } from './record-report.ts'
import { reportField } from './report-fields.ts'

/** `POST /api/v1/control/reports`: what a process has seen of requests. */
export function reportsRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/reports',
    tag,
    summary: 'Tell what requests an application has had',
    description:
      'For the packages in your applications. A report is told apart by `producer` and `sequence`: the same again answers `duplicate` and counts nothing, so send it until it is answered. Rows of more than a day ago, or five minutes ahead, count for nothing.',
    scope: 'control:report',
    isRepeatable: true,
    body: reportField,
    replies: {
      200: z.object({ status: z.enum(['recorded', 'duplicate']) }).meta({ id: 'ReportAnswer' }),
    },
    async handle({ tx, caller, body, systemNow }) {
      return {
        status: 200,
        body: { status: await recordReport(tx, caller.envId, body, systemNow) },
      }
    },
  })
}
