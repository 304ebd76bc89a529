/** Longer events are skipped: so much is kept of what has not ended yet. */
const EVENT_LENGTH_MAX = 16 * 1024 * 1024

/** Reads server-sent events that hold JSON. Whatever else comes is skipped: it is the host's to judge. */
export class SseReader {
  readonly #decoder = new TextDecoder()
  /** What has come of the line, and the data of the event, that have not ended. */
  #line = ''
  #data: string[] = []
  #lineLength = 0
  #eventLength = 0
  #isAfterReturn = false

  /** The data of the events that end with this piece. */
  push(piece: string | Uint8Array): unknown[] {
    const text = typeof piece === 'string' ? piece : this.#decoder.decode(piece, { stream: true })
    const events: unknown[] = []
    let start = 0
    for (let end = lineEnd(text, 0); end >= 0; end = lineEnd(text, start)) {
      // A line break may be two characters, and cut in between.
      const isSecondHalf = this.#isAfterReturn && end === start && text[end] === '\n'
      if (!isSecondHalf) this.#endLine(text.slice(start, end), events)
      this.#isAfterReturn = text[end] === '\r'
      start = end + 1
    }
    if (start < text.length) {
      this.#isAfterReturn = false
      this.#keep(text.slice(start))
    }
    return events
  }

  /** What the stream ended in, without the empty line behind it. */
  end(): unknown[] {
    return this.push('\n\n')
  }

  #keep(part: string): void {
    this.#lineLength += part.length
    this.#eventLength += part.length
    if (this.#eventLength <= EVENT_LENGTH_MAX) this.#line += part
  }

  #endLine(part: string, events: unknown[]): void {
    this.#keep(part)
    if (this.#lineLength === 0) this.#endEvent(events)
    else if (this.#line.startsWith('data:')) this.#data.push(this.#line.slice('data:'.length))
    this.#line = ''
    this.#lineLength = 0
  }

  #endEvent(events: unknown[]): void {
    const isWhole = this.#eventLength <= EVENT_LENGTH_MAX
    const event = isWhole ? parsed(this.#data.join('\n')) : undefined
    if (event !== undefined) events.push(event)
    this.#data = []
    this.#eventLength = 0
  }
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1)
    if (text[at] === '\n' || text[at] === '\r') return at
  return -1
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined // `[DONE]`, or no JSON
  }
}
