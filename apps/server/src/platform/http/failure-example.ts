import type { Failure } from '../errors.ts'

/**
 * A failure as `factory` makes it, with names in place of what it would be told, for the reference.
 * Whatever kind of value a factory expects, it gets on with the name of its own parameter.
 */
export function exampleOf(factory: (...args: never[]) => Failure): Failure {
  const parameters = /^(?:async )?\(?([^)=]*)\)? ?=>/.exec(factory.toString())?.[1] ?? ''
  const names = parameters.split(',').map((name) => name.trim())
  return factory(...(names.map((name) => new Placeholder(name)) as never[]))
}

const EXAMPLE_NUMBER = 1024 * 1024 // what a message divides is a number of bytes

/** Stands for a text, a number, an instant or a list of texts in a message. */
class Placeholder extends String {
  override toString(): string {
    return `{${super.toString()}}`
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === 'number' ? EXAMPLE_NUMBER : this.toString()
  }

  toISOString(): string {
    return this.toString()
  }

  toJSON(): string {
    return this.toString()
  }

  override slice(): string {
    return this as unknown as string // also of a list, which is then mapped
  }

  map(write: (one: Placeholder) => unknown): unknown[] {
    return [write(this)]
  }

  join(): string {
    return this.toString()
  }
}
