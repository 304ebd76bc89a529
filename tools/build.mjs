// Bundles the server into one file that Node starts without a compiler, when its sources are newer.
// `node tools/build.mjs` Our own packages go in; those of npm stay outside, in node_modules.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const server = path.join(root, 'apps', 'server')
const bundle = path.join(server, 'dist', 'main.mjs')

const sources = [
  path.join(server, 'src'),
  path.join(server, 'package.json'),
  path.join(root, 'packages'),
  fileURLToPath(import.meta.url),
]

/** When the newest file or folder under `place` changed; a folder changes with what is removed from it. */
function newest(place) {
  const status = statSync(place)
  if (!status.isDirectory()) return status.mtimeMs
  const inside = readdirSync(place)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .map((name) => newest(path.join(place, name)))
  return Math.max(status.mtimeMs, ...inside)
}

function isUpToDate() {
  const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return sources.every((place) => newest(place) < built)
}

async function build() {
  const { build: esbuild } = await import('esbuild')
  const { dependencies } = JSON.parse(readFileSync(path.join(server, 'package.json'), 'utf8'))
  await esbuild({
    entryPoints: [path.join(server, 'src', 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    external: Object.keys(dependencies).filter((name) => !name.startsWith('@usageflow/')),
    logLevel: 'warning',
  })
}

if (isUpToDate()) {
  console.log('build: nothing to do')
} else {
  await build()
  console.log('build: apps/server/dist/main.mjs')
}
