import { existsSync, readFileSync } from 'node:fs'

/** True while the process exists and has not ended: a zombie waiting for its parent does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // exists, but is another account's
  }
  return procStat(pid)?.state !== 'Z'
}

/**
 * Tells a process from a later one with the same number; '' where the system does not say (no /proc).
 * Two equal, non-empty stamps belong to one and the same process.
 */
export function processStamp(pid: number): string {
  const started = procStat(pid)?.startTicks
  if (started === undefined) return ''
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}/${started}`
}

/** False only when the system says what runs under this number and it is not a PostgreSQL server. */
export function mayBePostgres(pid: number): boolean {
  if (!existsSync('/proc/self/stat')) return true
  const stat = procStat(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.command === 'postgres'
}

type ProcStat = {
  readonly command: string
  readonly state: string
  readonly startTicks: string
}

function procStat(pid: number): ProcStat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The command stands in parentheses and may hold spaces and parentheses itself.
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  return {
    command: text.slice(text.indexOf('(') + 1, close),
    state: fields[0] ?? '',
    startTicks: fields[19] ?? '',
  }
}
