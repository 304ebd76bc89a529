import { failures } from '../errors.ts'

export type Watcher<T> = {
  /** Sees each piece before the host does. Must not throw. */
  readonly see: (piece: T) => void
  /** Whatever the end: all of it, a failure, or a host that wants no more. Comes once or more. */
  readonly end: () => void
}

/**
 * The same pieces in the same order, and the same end; nothing is read before the host asks, and a host that
 * leaves early closes the source. Throws an `invalid` error for what cannot be iterated.
 */
export function passThrough<T>(
  stream: AsyncIterable<T>,
  { see, end }: Watcher<T>,
): AsyncIterableIterator<T> {
  const source = (stream as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator]?.call(stream)
  if (source === undefined)
    throw failures.invalid('stream', 'must be an async iterable, like the body of an answer')
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      try {
        const result = await source.next()
        if (result.done) end()
        else see(result.value)
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return(value?: unknown) {
      end()
      return (await source.return?.(value)) ?? { done: true, value }
    },
  }
}
