/**
 * `npm run generate` writes everything that is made from something else: the types of the tables from
 * the migrations, the OpenAPI document from the routes, the types of the dashboard's client from that,
 * the page of errors from the failures, the page of permissions from the roles and the routes. With `--check` it writes nothing and fails when a file is not as it would write it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Failure } from '../apps/server/src/platform/errors.ts'
import { STATUS } from '../apps/server/src/platform/http/answer.ts'
import { exampleOf } from '../apps/server/src/platform/http/failure-example.ts'
import { generateApiTypes } from './generate-api-types.ts'
import { generateSchema } from './generate-schema.ts'
import { permissionsPage } from './permissions-page.ts'
import { readIfThere } from './read-if-there.ts'
import { startServerProcess } from './server-process.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = path.join(ROOT, 'apps/server/src')
const REFERENCE = path.join(ROOT, 'docs/reference')

const isCheck = process.argv.includes('--check')

/** The document as a running server gives it, so that it cannot differ from the server. */
async function openApiDocument(): Promise<string> {
  const server = await startServerProcess()
  try {
    const response = await fetch(new URL('/api/v1/openapi.json', server.url))
    return `${JSON.stringify(await response.json(), null, 2)}\n`
  } finally {
    await server.stop()
  }
}

async function errorsPage(): Promise<string> {
  const failures = new Map<string, Failure>()
  for (const file of failureFiles()) {
    const module = (await import(pathToFileURL(file).href)) as {
      failures: Record<string, () => Failure>
    }
    for (const [name, factory] of Object.entries(module.failures)) {
      const failure = example(name, factory)
      failures.set(failure.code, failure)
    }
  }
  const rows = [...failures.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      ({ code, kind, message }) =>
        `| \`${code}\` | ${STATUS[kind]} | ${message.replaceAll('|', '\\|')} |`,
    )
  return `# Errors\n\nMade by \`npm run generate\` from the failures of every feature. Words in braces stand for what the message names.\n[The guide](../guide/errors.md) says what to do about each status.\n\n| code | status | message |\n|---|---|---|\n${rows.join('\n')}\n`
}

function failureFiles(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(SOURCES, file))
    .filter((file) => readFileSync(file, 'utf8').includes('export const failures ='))
    .sort()
}

function example(name: string, factory: () => Failure): Failure {
  try {
    return exampleOf(factory)
  } catch (error) {
    throw new Error(
      `the failure ${name} cannot be shown on the page of errors: ${(error as Error).message}`,
    )
  }
}

/** Whether the file was as it should be; writes it unless only checking. */
function put(file: string, text: string): boolean {
  const place = path.join(REFERENCE, file)
  const isSame = readIfThere(place) === text
  if (!isSame && !isCheck) {
    mkdirSync(REFERENCE, { recursive: true })
    writeFileSync(place, text)
  }
  console.log(
    `${file}: ${isSame ? 'as it should be' : isCheck ? 'run npm run generate' : 'written'}`,
  )
  return isSame
}

const mode = isCheck ? 'check' : 'write'
const isSchemaSame = await generateSchema(mode)
const document = await openApiDocument()
const areTypesSame = await generateApiTypes(document, mode)
console.log(
  `api types: ${areTypesSame ? 'as they should be' : isCheck ? 'run npm run generate' : 'written'}`,
)
const areSame = [
  isSchemaSame,
  areTypesSame,
  put('openapi.json', document),
  put('errors.md', await errorsPage()),
  put('permissions.md', permissionsPage(document)),
]
if (isCheck && areSame.includes(false)) process.exitCode = 1
