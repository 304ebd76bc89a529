import { totalmem } from 'node:os'

const BYTES_PER_MB = 1024 * 1024
const SHARED_BUFFERS_MB_MIN = 128
const SHARED_BUFFERS_MB_MAX = 1_024

/**
 * A sixteenth of the machine's memory: modest, since the page cache of the system holds the rest. But the
 * index that tells repeats must fit, as its keys are random and every batch touches all of it: 50 MB for
 * each million of events.
 */
export function sharedBuffersMb(totalBytes: number): number {
  const share = Math.floor(totalBytes / 16 / BYTES_PER_MB)
  return Math.min(SHARED_BUFFERS_MB_MAX, Math.max(SHARED_BUFFERS_MB_MIN, share))
}

/** Settings of PostgreSQL by name, as they stand in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>

/**
 * How the embedded PostgreSQL runs. Passed on its command line, so a file in the data folder cannot
 * weaken it and an upgrade of UsageFlow changes it.
 */
export const serverSettings: ServerSettings = {
  // An event is acknowledged after its COMMIT, so a COMMIT must survive the loss of power.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // one way in; socket paths are limited to 107 bytes and to one account
  max_connections: '100',

  shared_buffers: `${sharedBuffersMb(totalmem())}MB`,
  // After a checkpoint each page touched is logged whole, which halves the rate of ingest: make
  // checkpoints rare, as far as crash recovery (175 MB of log a second) stays within seconds.
  max_wal_size: '2GB',
  min_wal_size: '512MB', // segments are renamed, not made anew, while ingest is steady
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_buffers: '16MB', // two batches of 4,000 events fit while a third is written out
  jit: 'off', // compiling costs more than any of our statements

  deadlock_timeout: '50ms', // batches are sorted; should two still cross, do not stall for a second
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log', // a refused key is daily work, and the program that sent it was told
}
