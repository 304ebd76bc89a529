/** What a PostgreSQL client says, as far as it tells where a transaction stands. */
export type FrontendMessage = {
  /** `query`, `parse` and `bind` are about a statement, `copyData` and `copyDone` carry a COPY; `sync` ends a round. */
  readonly kind: 'startup' | 'query' | 'parse' | 'bind' | 'sync' | 'copyData' | 'copyDone' | 'other'
  /** The statement of `query`, `parse` and `bind`, in lower case and trimmed; else empty. */
  readonly statement: string
  /** The message to the byte. */
  readonly bytes: Buffer
}

const KINDS: Readonly<Record<string, FrontendMessage['kind']>> = {
  Q: 'query',
  P: 'parse',
  B: 'bind',
  S: 'sync',
  d: 'copyData',
  c: 'copyDone',
}

const LENGTH_BYTES = 4
const TYPE_BYTES = 1

/**
 * Cuts a stream of bytes into the messages of one client. The first ones have no type: a request for
 * encryption, which is passed on like anything else, and the start-up itself.
 */
export function frontendMessages(): (chunk: Buffer) => FrontendMessage[] {
  let rest: Buffer = Buffer.alloc(0)
  let isStarting = true
  const prepared = new Map<string, string>() // by name, for when it is used again

  const startup = (): FrontendMessage | undefined => {
    const length = rest.length < LENGTH_BYTES ? Infinity : rest.readUInt32BE(0)
    if (rest.length < length) return undefined
    isStarting = isEncryptionRequest(rest)
    return { kind: 'startup', statement: '', bytes: take(length) }
  }
  const typed = (): FrontendMessage | undefined => {
    const header = TYPE_BYTES + LENGTH_BYTES
    const length = rest.length < header ? Infinity : TYPE_BYTES + rest.readUInt32BE(TYPE_BYTES)
    if (rest.length < length) return undefined
    const bytes = take(length)
    const kind = KINDS[String.fromCharCode(bytes[0] ?? 0)] ?? 'other'
    return { kind, statement: statementOf(kind, bytes.subarray(header), prepared), bytes }
  }
  const next = () => (isStarting ? startup() : typed())
  const take = (length: number): Buffer => {
    const bytes = rest.subarray(0, length)
    rest = rest.subarray(length)
    return bytes
  }

  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const messages: FrontendMessage[] = []
    for (let message = next(); message; message = next()) messages.push(message)
    return messages
  }
}

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104

function isEncryptionRequest(bytes: Buffer): boolean {
  const code = bytes.readUInt32BE(LENGTH_BYTES)
  return code === SSL_REQUEST || code === GSS_REQUEST
}

function statementOf(
  kind: FrontendMessage['kind'],
  content: Buffer,
  prepared: Map<string, string>,
): string {
  if (kind === 'query') return normal(content)
  const [first, rest] = splitAtNul(content)
  if (kind === 'parse') {
    const statement = normal(rest)
    prepared.set(first.toString(), statement)
    return statement
  }
  if (kind !== 'bind') return ''
  const [name] = splitAtNul(rest) // after that of the portal
  return prepared.get(name.toString()) ?? ''
}

function splitAtNul(content: Buffer): readonly [Buffer, Buffer] {
  const end = content.indexOf(0)
  return [content.subarray(0, Math.max(0, end)), content.subarray(end + 1)]
}

/** Up to the NUL that ends it. */
function normal(text: Buffer): string {
  const end = text.indexOf(0)
  return text
    .toString('utf8', 0, end < 0 ? text.length : end)
    .trim()
    .toLowerCase()
}

/** Watches what PostgreSQL answers; true once it has said that a command is complete or has failed. */
export function completionWatch(): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= TYPE_BYTES + LENGTH_BYTES) {
      const type = String.fromCharCode(rest[0] ?? 0)
      if (type === 'C' || type === 'E') return true
      rest = rest.subarray(TYPE_BYTES + rest.readUInt32BE(TYPE_BYTES))
    }
    return false
  }
}
