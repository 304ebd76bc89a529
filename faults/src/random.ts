/** A stream of choices that the same seed always repeats. Every choice of a run comes from one seed. */
export type Random = {
  /** At least 0 and less than 1. */
  next(): number
  /** A whole number, at least `from` and less than `to`. */
  between(from: number, to: number): number
  /** True in `share` of the cases. */
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  shuffled<T>(list: readonly T[]): T[]
  /** A stream of its own, the same for the same name whatever has been drawn before. */
  fork(name: string): Random
}

/** Makes the stream of a seed: sfc32, whose state is a hash of the seed and the names of its forks. */
export function randomOf(seed: string): Random {
  const draw = sfc32(seed)
  const next = () => draw() / 2 ** 32
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from))
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (list) => pick(list, between(0, list.length)),
    shuffled: (list) => shuffled(list, between),
    fork: (name) => randomOf(`${seed}/${name}`),
  }
}

function pick<T>(list: readonly T[], index: number): T {
  if (list.length === 0) throw new RangeError('there is nothing to pick from')
  return list[index] as T // `index` is below the length
}

function shuffled<T>(list: readonly T[], between: (from: number, to: number) => number): T[] {
  const rest = [...list]
  return list.map(() => rest.splice(between(0, rest.length), 1)[0] as T) // as many as there are
}

/** Chris Doty-Humphrey's small fast counting generator; the first dozen rounds mix the state. */
function sfc32(seed: string): () => number {
  let [a, b, c] = [hash(seed, 1), hash(seed, 2), hash(seed, 3)]
  let counter = 1
  const draw = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) draw()
  return draw
}

/** FNV-1a over the characters, begun differently for each part of the state. */
function hash(text: string, part: number): number {
  let value = (2166136261 ^ (part * 0x9e3779b9)) | 0
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16777619)
  return value | 0
}
