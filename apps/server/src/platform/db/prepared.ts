import { createHash } from 'node:crypto'

/**
 * Put before a statement that is sent very often and whose text never varies: each connection plans it once.
 * For others the memory of PostgreSQL would fill with plans.
 */
export const PREPARED = '/* prepared */'

const names = new Map<string, string>()

/** The name under which a statement is planned once; undefined: it is planned each time. */
export function preparedName(text: string): string | undefined {
  if (!text.startsWith(PREPARED)) return undefined
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}
