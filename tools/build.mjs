// Bundles the server into one file that Node starts without a compiler, the dashboard into what a browser
// loads, and the guide into pages, each when its sources are newer: `node tools/build.mjs`. Of the server, what
// has files of its own or native parts stays outside, in node_modules: apps/server/esbuild.json lists it.
// `node tools/build.mjs --packages` also makes what is published on npm, which no server needs.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const server = path.join(root, 'apps', 'server')
const bundling = path.join(server, 'esbuild.json')
const dashboard = path.join(root, 'apps', 'dashboard')
const packages = path.join(root, 'packages')
const docs = path.join(root, 'docs')
const docsTools = path.join(root, 'tools', 'docs')
const packageTool = path.join(root, 'tools', 'build-package.ts')
const itself = fileURLToPath(import.meta.url)

const product = [
  {
    built: path.join(server, 'dist', 'main.mjs'),
    sources: [
      path.join(server, 'src'),
      path.join(server, 'package.json'),
      bundling,
      packages,
      itself,
    ],
    build: buildServer,
  },
  {
    built: path.join(dashboard, 'dist', 'index.html'),
    sources: [dashboard, packages, itself],
    build: buildDashboard,
  },
  {
    built: path.join(server, 'dist', 'docs', 'index.html'),
    sources: [path.join(docs, 'guide'), path.join(docs, 'decisions'), docsTools, itself],
    build: buildDocs,
  },
]
const published = ['core', 'express', 'fastify', 'nestjs'].map((name) => {
  const folder = path.join(root, 'sdks', 'js', name)
  return {
    built: path.join(folder, 'dist', 'index.mjs'),
    sources: [
      path.join(folder, 'src'),
      path.join(folder, 'package.json'),
      path.join(folder, 'tsconfig.build.json'),
      path.join(packages, 'policy', 'src'),
      packageTool,
    ],
    build: (bundle) => buildForNpm(folder, bundle),
  }
})

/** When the newest file or folder under `place` changed; a folder changes with what is removed from it. */
function newest(place) {
  const status = statSync(place)
  if (!status.isDirectory()) return status.mtimeMs
  const inside = readdirSync(place)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .map((name) => newest(path.join(place, name)))
  return Math.max(status.mtimeMs, ...inside)
}

function isUpToDate({ built, sources }) {
  const builtMs = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return sources.every((place) => newest(place) < builtMs)
}

async function buildServer(bundle) {
  const { build: esbuild } = await import('esbuild')
  await esbuild({
    ...JSON.parse(readFileSync(bundling, 'utf8')),
    entryPoints: [path.join(server, 'src', 'main.ts')],
    outfile: bundle,
    sourcemap: true,
    sourcesContent: false, // Node reads the map at every start
    plugins: [unmapped],
    logLevel: 'warning',
  })
  await thinMap(`${bundle}.map`)
}

/**
 * Leaves of a source map one place for each line of a source, which is what a stack tells. Node keeps a hundred bytes
 * for every place, for ever, from the first error whose stack is looked at.
 */
async function thinMap(file) {
  const { decode, encode } = await import('@jridgewell/sourcemap-codec')
  const map = JSON.parse(readFileSync(file, 'utf8'))
  const lines = decode(map.mappings).map((places) =>
    places
      .filter(([, source, line], n) => source !== places[n - 1]?.[1] || line !== places[n - 1]?.[2])
      .map((place) => place.slice(0, 4)),
  )
  writeFileSync(file, JSON.stringify({ ...map, names: [], mappings: encode(lines) }))
}

/** Its first line, and no other: esbuild reads one without any as if there were none. */
const EMPTY_MAP = JSON.stringify({ version: 3, sources: [''], mappings: 'AAAA' })

/** Leaves dependencies out of the source map: all of it was 82 MB once Node had read it. */
const unmapped = {
  name: 'unmapped',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path: file }) => {
      const map = `data:application/json;base64,${Buffer.from(EMPTY_MAP).toString('base64')}`
      return {
        contents: `${readFileSync(file, 'utf8')}\n//# sourceMappingURL=${map}`,
        loader: 'default',
      }
    })
  },
}

async function buildDashboard(page) {
  const { build: viteBuild } = await import('vite')
  await viteBuild({ root: dashboard, logLevel: 'warn' })
  const assets = path.join(path.dirname(page), 'assets')
  const names = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name))
  await Promise.all(names.map((name) => compress(path.join(assets, name))))
}

/** The pages of `/docs`, which the server gives away. */
async function buildDocs(firstPage) {
  const { tsImport } = await import('tsx/esm/api')
  const tools = await tsImport('./docs/build-docs.ts', import.meta.url)
  tools.buildDocs(root, path.dirname(firstPage))
}

/** What programs in Node install. */
async function buildForNpm(folder, bundle) {
  const { tsImport } = await import('tsx/esm/api')
  const { buildPackage } = await tsImport('./build-package.ts', import.meta.url)
  await buildPackage(folder, path.dirname(bundle))
}

/** Compressed once here rather than at every start of a server: it takes a second and a half. */
async function compress(file) {
  const plain = readFileSync(file)
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(plain))
  writeFileSync(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }))
}

const isThere = ({ sources: [place] }) => statSync(place, { throwIfNoEntry: false })
const targets = process.argv.includes('--packages') ? [...product, ...published] : product
const stale = targets.filter(isThere).filter((target) => !isUpToDate(target))
for (const { built, build } of stale) {
  await build(built)
  console.log(`build: ${path.relative(root, built).split(path.sep).join('/')}`)
}
if (stale.length === 0) console.log('build: nothing to do')
