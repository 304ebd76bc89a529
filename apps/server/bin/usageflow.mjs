#!/usr/bin/env node
// Starts the bundle; in a tree that was not built, the sources.
import { existsSync } from 'node:fs'

process.setSourceMapsEnabled(true)

const bundle = new URL('../dist/main.mjs', import.meta.url)
if (existsSync(bundle)) {
  await import(bundle.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import('../src/main.ts')
}
