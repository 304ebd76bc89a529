#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=32
// Starts the bundle; in a tree that was not built, the sources.
//
// An event on its way lives for as long as a commit takes, about 100 ms under full load. With V8's default
// young generation it would have moved to the old one by then: a tenth of the server's time went there.
//
// One arena of glibc: with one for each thread, 25 MB of what buffers had held stayed with the process.
import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--heap-growing-percent=70') // the heap is collected before it has grown by more, which keeps memory below 300 MB
process.setSourceMapsEnabled(true)

const bundle = new URL('../dist/main.mjs', import.meta.url)
if (existsSync(bundle)) {
  await import(bundle.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import('../src/main.ts')
}
