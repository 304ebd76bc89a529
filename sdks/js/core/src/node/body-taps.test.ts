import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Begun } from '@usageflow/core'
import { expect, test } from 'vitest'
import { RequestTap } from './body-taps.ts'

const MIB = Buffer.alloc(1024 * 1024)

/** A request whose body comes in before anybody has decided about it. */
function tapped() {
  const request = new IncomingMessage(new Socket())
  const seen: number[] = []
  const watch = () => ({ push: (chunk: Uint8Array) => void seen.push(chunk.length) })
  return { request, seen, tap: new RequestTap(request), begun: { watch } as unknown as Begun }
}

test('what came before it was decided is shown to who wants it, and then what comes', () => {
  const { request, seen, tap, begun } = tapped()
  request.push(Buffer.from('abc'))
  tap.watch(begun)
  request.push(MIB)
  expect([seen, tap.bytes]).toEqual([[3, MIB.length], 3 + MIB.length])
})

test('of a long upload nothing is kept while it waits to be decided, and nothing read', () => {
  const { request, seen, tap, begun } = tapped()
  for (const chunk of [MIB, MIB]) request.push(chunk)
  tap.watch(begun)
  request.push(MIB)
  expect([seen, tap.bytes]).toEqual([[], 3 * MIB.length])
})
