/** A piece of work in our hands until its lease ends. */
export type Job = {
  readonly envId: number
  readonly kind: string
  readonly ref: string
  readonly at: Date
  /** Proof of this claim: a later claim has a greater one, and then ours may write nothing more. */
  readonly fence: string
  readonly failures: number
  /** The environment's time at the claim. */
  readonly now: Date
}

/** Somebody else has the work now. Thrown inside the transaction of the work, which must not commit. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor() {
    super('the lease ended and another worker has taken over')
  }
}
