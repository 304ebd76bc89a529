import type { Transaction } from 'kysely'
import type { Schema } from './schema.gen.ts'

/** One open transaction. A store takes it as its first argument and never commits it. */
export type Tx = Transaction<Schema>
