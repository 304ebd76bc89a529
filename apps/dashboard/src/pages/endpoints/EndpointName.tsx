import type { Endpoint } from '../../api/records.ts'
import classes from './EndpointName.module.css'

/** What an endpoint goes by; null: all requests for which the framework had no route. */
type Named = Pick<Endpoint, 'method' | 'route'>

export function endpointName({ method, route }: Named): string {
  return route === null ? 'Without a route' : `${method ?? ''} ${route}`
}

/** The same with its method set apart. What frameworks and clients write is isolated from what stands beside it. */
export function EndpointName({ endpoint }: { readonly endpoint: Named }) {
  const { method, route } = endpoint
  if (route === null) return <span>{endpointName(endpoint)}</span>
  return (
    <span>
      <span className={classes.method}>{method}</span> <bdi>{route}</bdi>
    </span>
  )
}
