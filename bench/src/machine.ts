import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'

// Linux says in /proc what a process has used. Elsewhere these figures are left out.

const MICROSECONDS_PER_TICK = 10_000 // USER_HZ is 100 on every Linux

type ProcessStat = {
  readonly pid: number
  readonly parent: number
  readonly ownUs: number
  /** Of children that have ended and were waited for. */
  readonly childrenUs: number
}

/** CPU time of one process with all its threads, in microseconds; null where there is no /proc. */
export function processCpuUs(pid: number): number | null {
  return statOf(pid)?.ownUs ?? null
}

/** CPU time of a PostgreSQL: its postmaster, and every process that it has ever started. */
export function postgresCpuUs(postmaster: number): number | null {
  const parent = statOf(postmaster)
  if (!parent) return null
  return processes()
    .filter((process) => process.parent === postmaster)
    .reduce((sum, { ownUs }) => sum + ownUs, parent.ownUs + parent.childrenUs)
}

/** The process that started this one. */
export function parentOf(pid: number): number | null {
  return statOf(pid)?.parent ?? null
}

/** The most memory that the process ever held, in MB. */
export function peakMemoryMb(pid: number): number | null {
  const peakKb = /^VmHWM:\s+(\d+) kB$/m.exec(procFile(pid, 'status'))?.[1]
  return peakKb === undefined ? null : Number(peakKb) / 1_024
}

/** One line about the machine, since absolute rates say something of it alone. */
export function describeMachine(): string {
  const [cpu] = os.cpus()
  const memoryGb = Math.round(os.totalmem() / 2 ** 30)
  const cores = os.availableParallelism()
  return `${cores} cores (${cpu?.model.trim() ?? 'unknown'}), ${memoryGb} GB, ${os.type()} ${os.release()}, Node ${process.versions.node}`
}

function processes(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
}

function statOf(pid: number): ProcessStat | undefined {
  const text = procFile(pid, 'stat')
  if (text === '') return undefined
  // The name of the program stands in brackets and may contain anything; fields are counted after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = (nth: number) => Number(fields[nth]) * MICROSECONDS_PER_TICK
  return {
    pid,
    parent: Number(fields[1]),
    ownUs: ticks(11) + ticks(12),
    childrenUs: ticks(13) + ticks(14),
  }
}

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return '' // it has ended, or this is no Linux
  }
}
