import { createServer } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Numbers for operators. A small face over the library, so that it can be exchanged. */
export type Metrics = {
  counter(
    name: string,
    help: string,
    labels?: readonly string[],
  ): { add(value: number, labels?: Labels): void }
  /** `read` runs at each scrape and sets what it knows; what it throws is left out of that scrape. */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: (set: SetGauge) => Promise<void> | void,
  ): void
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
  ): { observe(value: number): void }
  text(): Promise<string>
}

type Labels = Readonly<Record<string, string>>
type SetGauge = (value: number, labels?: Labels) => void

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    counter(name, help, labels = []) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] })
      return { add: (value, values = {}) => counter.inc(values, value) }
    },
    gauge(name, help, labels, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [registry],
        async collect() {
          gauge.reset()
          try {
            await read((value, values = {}) => gauge.set(values, value))
          } catch {
            gauge.reset() // the database is away: better no figure than an old one
          }
        },
      })
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [registry] })
      return { observe: (value) => histogram.observe(value) }
    },
    text: () => registry.metrics(),
  }
}

/** Serves the numbers at `/metrics` on a port of their own. Returns what closes it. */
export async function serveMetrics(
  metrics: Metrics,
  host: string,
  port: number,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    metrics.text().then(
      (text) =>
        response
          .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
          .end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, host, resolve),
  )
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}
