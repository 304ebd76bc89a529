import { type Decimal, decimal, ZERO } from './decimal.ts'

/** The fields of a JSON object, read one by one; errors name them by their whole path. */
export class JsonFields {
  readonly name: string
  private readonly fields: ReadonlyMap<string, unknown>
  private readonly asked = new Set<string>()

  /** Throws RangeError if it is no object. */
  constructor(json: unknown, name: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new RangeError(`${name} must be an object`)
    this.name = name
    this.fields = new Map(Object.entries(json))
  }

  raw(name: string): unknown {
    this.asked.add(name)
    return this.fields.get(name)
  }

  /** A decimal string; `absent` where it may be left out. */
  atLeastZero(name: string): Decimal
  atLeastZero<T extends Decimal | null>(name: string, absent: T): Decimal | T
  atLeastZero(name: string, absent?: Decimal | null): Decimal | null {
    const text = this.raw(name)
    if (text === undefined && absent !== undefined) return absent
    if (typeof text !== 'string')
      throw new RangeError(`${this.name}.${name} must be a decimal string such as "0.01"`)
    const value = this.decimal(text, name)
    if (value < ZERO) throw new RangeError(`${this.name}.${name} must not be negative`)
    return value
  }

  aboveZero(name: string): Decimal {
    const value = this.atLeastZero(name)
    if (value === ZERO) throw new RangeError(`${this.name}.${name} must be above 0`)
    return value
  }

  object(name: string): JsonFields {
    return new JsonFields(this.raw(name), `${this.name}.${name}`)
  }

  list(name: string): JsonFields[] {
    return this.array(name).map((each, at) => new JsonFields(each, `${this.name}.${name}[${at}]`))
  }

  texts(name: string): string[] {
    return this.array(name).map((each, at) => {
      if (typeof each === 'string' && each !== '') return each
      throw new RangeError(`${this.name}.${name}[${at}] must be a text`)
    })
  }

  scalars(name: string): (string | number | boolean | null)[] {
    return this.array(name).map((each, at) => {
      if (each === null || typeof each === 'string' || typeof each === 'boolean') return each
      if (typeof each === 'number' && Number.isFinite(each)) return each // infinite ones print as null
      throw new RangeError(`${this.name}.${name}[${at}] must be a text, number, boolean or null`)
    })
  }

  /** Throws RangeError for a field that nobody has asked for: it may be a misspelt one. */
  refuseOthers(): void {
    const unknown = [...this.fields.keys()].find((name) => !this.asked.has(name))
    if (unknown === undefined) return
    const known = [...this.asked].join(', ')
    throw new RangeError(`${this.name}.${unknown} is not a field of it; it has ${known}`)
  }

  private array(name: string): readonly unknown[] {
    const value = this.raw(name)
    if (Array.isArray(value)) return value
    throw new RangeError(`${this.name}.${name} must be an array`)
  }

  private decimal(text: string, name: string): Decimal {
    try {
      return decimal(text)
    } catch (error) {
      if (error instanceof RangeError)
        throw new RangeError(`${this.name}.${name}: ${error.message}`)
      throw error
    }
  }
}
