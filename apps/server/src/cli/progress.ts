import { SingleBar } from 'cli-progress'

export type ProgressBar = { set(done: number, all: number): void; end(): void }

/** A bar on a terminal; elsewhere it says nothing, so that a log stays readable. */
export function openProgress(unit: string, isWanted: boolean): ProgressBar {
  if (!isWanted || !process.stderr.isTTY) return { set: () => {}, end: () => {} }
  const bar = new SingleBar({
    format: `{bar} {percentage} %  {value} of {total} ${unit}  {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  })
  let isStarted = false
  return {
    set(done, all) {
      if (!isStarted) bar.start(all, done)
      isStarted = true
      bar.update(done)
    },
    end: () => bar.stop(),
  }
}
