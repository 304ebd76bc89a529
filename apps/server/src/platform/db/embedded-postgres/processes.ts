import { existsSync, readFileSync, statSync } from 'node:fs'

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

/**
 * Whether the process serves this data. False only when the system says what the process is, and it
 * is dead, or another program, or a PostgreSQL at work on other data.
 */
export function mayServe(pid: number, pgData: string): boolean {
  if (!isAlive(pid)) return false
  const stat = procStat(pid)
  if (stat === undefined) return !existsSync('/proc/self/stat')
  return stat.command === 'postgres' && mayWorkIn(pid, pgData)
}

/** A server never leaves its data folder. True also where we may not look. */
function mayWorkIn(pid: number, folder: string): boolean {
  try {
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(folder)]
    return there.ino === here.ino && there.dev === here.dev
  } catch {
    return true
  }
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
