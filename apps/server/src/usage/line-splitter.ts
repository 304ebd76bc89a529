const LINE_FEED = 0x0a

/** Cuts a stream of bytes into lines. A line longer than `bytesMax` comes out as null, and the next one whole. */
export class LineSplitter {
  private readonly bytesMax: number
  private parts: Buffer[] = []
  private bytes = 0
  private isTooLong = false

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  /** The lines that `chunk` completes, without their line feeds. */
  push(chunk: Buffer): (Buffer | null)[] {
    const lines: (Buffer | null)[] = []
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.keep(chunk.subarray(start, end))
      lines.push(this.take())
      start = end + 1
    }
    this.keep(chunk.subarray(start))
    return lines
  }

  /** The last line, which need not end with a line feed. */
  end(): (Buffer | null)[] {
    return this.bytes > 0 || this.isTooLong ? [this.take()] : []
  }

  private keep(part: Buffer): void {
    if (this.isTooLong) return
    this.bytes += part.length
    if (part.length > 0) this.parts.push(part)
    if (this.bytes <= this.bytesMax) return
    this.isTooLong = true
    this.parts = []
  }

  private take(): Buffer | null {
    const { parts, isTooLong } = this
    this.parts = []
    this.bytes = 0
    this.isTooLong = false
    if (isTooLong) return null
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }
}
