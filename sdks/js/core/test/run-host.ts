import { execFile } from 'node:child_process'
import path from 'node:path'

const HOST = path.join(import.meta.dirname, 'host.ts')
const TSX = import.meta.resolve('tsx')

/** Runs `host.ts` to its end. Resolves to the signal or status with which it ended, and its number. */
export function runHost(
  what: 'ends' | 'decides' | 'is killed' | 'is killed after a try',
  variables: Readonly<Record<string, string>>,
): Promise<{ end: string | number; pid: number }> {
  return new Promise((resolve) => {
    const env = { ...process.env, USAGEFLOW_API_KEY: 'all', ...variables }
    const host = execFile(process.execPath, ['--import', TSX, HOST, what], { env }, (error) =>
      resolve({ end: error?.signal ?? error?.code ?? 0, pid: host.pid ?? 0 }),
    )
  })
}
