import { afterAll } from 'vitest'
import { dropTestDatabase } from './test-db.ts'

// Vitest runs this for every test file, also where files share a process and its modules.
afterAll(dropTestDatabase)
