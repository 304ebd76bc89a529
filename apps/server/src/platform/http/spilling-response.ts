import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'

const CHUNK_BYTES = 64 * 1024
const SPILL_BYTES_MAX = 1024 * 1024 * 1024 // of answers that wait on disk; beyond it the client must read

/**
 * Writes an answer to a client that may not read it before it has sent everything itself. What the
 * connection does not take goes to a file without a name, and follows in order; memory stays constant.
 */
export class SpillingResponse {
  private readonly response: ServerResponse
  private file: FileHandle | null = null
  private readAt = 0
  private writeAt = 0
  private writing: Promise<unknown> | null = null
  /** Carries the file to the connection, from the first byte that it did not take to the last. */
  private following: Promise<void> | null = null

  constructor(response: ServerResponse) {
    this.response = response
  }

  /** One call at a time. Rejects when the client is gone. */
  async write(text: string): Promise<void> {
    if (this.response.destroyed) throw new Error('the client is gone')
    if (this.following !== null) {
      if (this.writeAt - this.readAt > SPILL_BYTES_MAX) await this.following
      await this.spill(Buffer.from(text))
    } else if (!this.response.write(text)) {
      this.following = this.follow()
      this.following.catch(() => {}) // whoever writes or ends next is told
    }
  }

  /** Resolves when the connection has taken everything. */
  async end(): Promise<void> {
    while (this.following !== null) await this.following
    await this.close()
    this.response.end()
  }

  /** Lets go of the file. To be called when `end` is not. */
  async close(): Promise<void> {
    await this.file?.close()
    this.file = null
  }

  /** What is being written counts from the first moment, lest `follow` think that it has caught up. */
  private async spill(bytes: Buffer): Promise<void> {
    this.writing = this.append(bytes)
    await this.writing
    this.writing = null
  }

  private async append(bytes: Buffer): Promise<void> {
    this.file ??= await openUnnamed()
    await this.file.write(bytes, 0, bytes.length, this.writeAt)
    this.writeAt += bytes.length
  }

  private async follow(): Promise<void> {
    await this.drained()
    while (this.readAt < this.writeAt || this.writing !== null) {
      await this.writing
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.writeAt - this.readAt))
      const read = await this.file?.read(chunk, 0, chunk.length, this.readAt)
      const bytesRead = read?.bytesRead ?? 0
      this.readAt += bytesRead
      if (!this.response.write(chunk.subarray(0, bytesRead))) await this.drained()
    }
    this.readAt = 0 // the file is written over from its beginning
    this.writeAt = 0
    this.following = null
  }

  private async drained(): Promise<void> {
    if (this.response.destroyed) throw new Error('the client is gone')
    if (!this.response.writableNeedDrain) return
    const listening = new AbortController()
    const { signal } = listening
    await Promise.race([
      once(this.response, 'drain', { signal }),
      once(this.response, 'close', { signal }),
    ]).finally(() => listening.abort())
    if (this.response.destroyed) throw new Error('the client is gone')
  }
}

/** A file that is gone when it is closed, whatever becomes of this process. */
async function openUnnamed(): Promise<FileHandle> {
  const name = path.join(os.tmpdir(), `usageflow-${randomUUID()}`)
  const file = await open(name, 'wx+', 0o600)
  await unlink(name)
  return file
}
