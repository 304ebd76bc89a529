import { quietTimer } from './clock.ts'
import { errorCode } from './errors.ts'
import type { HttpAnswer, HttpCall } from './http-call.ts'

const ANSWER_BYTES_MAX = 16 * 1024 * 1024

/**
 * Calls for which no process stays alive, as one that waits for what may never come: `fetch` has none.
 * Null where there is no Node.
 */
export function openQuietHttp(apiKey: string): HttpCall | null {
  const node = typeof process === 'undefined' ? undefined : process.getBuiltinModule
  if (node === undefined) return null
  const secure = node('node:https')
  const plain = node('node:http')
  return ({ url, method, headers, timeoutMs }, abort) =>
    new Promise<HttpAnswer>((resolve) => {
      const { request } = url.startsWith('https:') ? secure : plain
      const ours = { 'x-usageflow-api-key': apiKey, ...headers }
      const outgoing = request(url, { method, headers: ours, agent: false })
      const end = () => outgoing.destroy()
      const cancelDeadline = quietTimer(end, timeoutMs)
      const answer = (given: HttpAnswer) => {
        cancelDeadline()
        abort?.removeEventListener('abort', end)
        resolve(given)
      }
      abort?.addEventListener('abort', end)
      outgoing.once('socket', (socket) => socket.unref())
      outgoing.once('close', () => answer({ kind: 'none', reason: 'There was no whole answer.' }))
      outgoing.on('error', (error) =>
        answer({ kind: 'none', reason: `The server could not be reached${errorCode(error)}.` }),
      )
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('error', end)
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          chunks.push(chunk)
          if (bytes > ANSWER_BYTES_MAX) end()
        })
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString().replaceAll(apiKey, '(key)')
          const get = (name: string) => String(response.headers[name] ?? '') || null
          answer({ kind: 'answer', status: response.statusCode ?? 0, headers: { get }, text })
        })
      })
      outgoing.end()
    })
}
