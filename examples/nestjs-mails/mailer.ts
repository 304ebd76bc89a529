// Stands for your mail server: it takes what has an address, and sends nothing.

export type Mail = {
  readonly to: readonly string[]
  readonly text: string
  readonly campaign: string
}

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

/** Null for what is no mail. */
export function readMail(body: unknown): Mail | null {
  const { to, text, campaign = 'none' } = (body ?? {}) as Readonly<Record<string, unknown>>
  const isFit = Array.isArray(to) && to.length > 0 && typeof text === 'string' && text !== ''
  return isFit ? { to: to.map(String), text, campaign: String(campaign) } : null
}

export function send({ to }: Mail) {
  const rejected = to.filter((address) => !ADDRESS.test(address))
  return { accepted: to.length - rejected.length, rejected }
}
