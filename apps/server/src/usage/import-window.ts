/** Which events an import takes: those of `[fromUs, toUs)`, in microseconds since 1970. */
export type ImportWindow = {
  readonly importNo: number
  readonly fromUs: number
  readonly toUs: number
  readonly isReverted: boolean
}
