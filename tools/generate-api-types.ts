import { writeFileSync } from 'node:fs'
import path from 'node:path'
import openapiTypescript, { astToString, type OpenAPI3, UNKNOWN } from 'openapi-typescript'
import { readIfThere } from './read-if-there.ts'

const FILE = path.join(import.meta.dirname, '../apps/dashboard/src/api/schema.gen.ts')
const HEADER = '// Made by `npm run generate` from the OpenAPI document; do not edit.\n\n'

const ANY_JSON = /^#\/components\/schemas\/JsonValue(Input)?$/

/**
 * Writes the types of the dashboard's client from the OpenAPI document, or only says whether they are
 * as they should be. What every failure looks like is one type, so it is left out of the answers.
 */
export async function generateApiTypes(
  document: string,
  mode: 'write' | 'check',
): Promise<boolean> {
  const types = await openapiTypescript(withoutFailures(JSON.parse(document) as Document), {
    exportType: true,
    defaultNonNullable: false, // what has a default need not be sent
    // It contains itself, which a type cannot say in this shape.
    transform: (_schema, { path: at }) => (ANY_JSON.test(at ?? '') ? UNKNOWN : undefined),
  })
  const text = HEADER + astToString(types)
  const isSame = readIfThere(FILE) === text
  if (!isSame && mode === 'write') writeFileSync(FILE, text)
  return isSame
}

type Operation = { responses?: Record<string, unknown>; description?: string }
type Document = { paths: Record<string, Record<string, Operation>> }

function withoutFailures(document: Document): OpenAPI3 {
  for (const methods of Object.values(document.paths))
    for (const operation of Object.values(methods)) {
      const good = Object.entries(operation.responses ?? {}).filter(([status]) => status < '300')
      operation.responses = Object.fromEntries(good)
    }
  return document as unknown as OpenAPI3
}
