import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Examples } from '../../ui/examples.tsx'
import { EmptyState } from '../../ui/states.tsx'

/** How an event is sent, while none arrives. */
export function SendFirstEvent() {
  const { data: meters = [] } = useQuery(metersQuery(useEnvironment()))
  const name = meters[0]?.eventName ?? 'API_CALL'
  return (
    <EmptyState title="Waiting for events">
      Send one from your backend with an API key, and it appears here within a second.
      <Examples examples={examplesOf(window.location.origin, name)} />
    </EmptyState>
  )
}

function examplesOf(origin: string, name: string): Readonly<Record<string, string>> {
  return {
    curl: `curl -X POST ${origin}/api/track \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" \\
  -H "idempotency-key: unique-event-id" \\
  -H "content-type: application/json" \\
  -d '{"metric": "${name}", "amount": 1, "customerId": "user_123"}'`,
    Node: `await fetch('${origin}/api/track', {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-usageflow-api-key': 'YOUR_API_KEY',
    'idempotency-key': 'unique-event-id',
  },
  body: JSON.stringify({ metric: '${name}', amount: 1, customerId: 'user_123' }),
})`,
    Python: `import requests

requests.post(
    "${origin}/api/track",
    headers={
        "x-usageflow-api-key": "YOUR_API_KEY",
        "idempotency-key": "unique-event-id",
    },
    json={"metric": "${name}", "amount": 1, "customerId": "user_123"},
)`,
  }
}
