import { answerOf, type PricingModule } from './answer.ts'
import { isPossible, type PricingCase } from './case.ts'
import type { Difference } from './compare.ts'
import type { Oracle } from './oracle.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * The same difference with less around it: leaves out parts of the case and makes numbers simpler for as
 * long as the two implementations still differ.
 */
export async function shrunk(
  pricing: PricingModule,
  oracle: Oracle,
  difference: Difference,
): Promise<Difference> {
  let smallest = difference
  for (;;) {
    const smaller = await firstThatDiffers(pricing, oracle, smallest)
    if (smaller === null) return smallest
    smallest = smaller
  }
}

async function firstThatDiffers(
  pricing: PricingModule,
  oracle: Oracle,
  difference: Difference,
): Promise<Difference | null> {
  // A case is JSON, and a variant of it has the same fields.
  const variants = [...variantsOf(difference.given as unknown as Json)] as unknown as PricingCase[]
  const possible = variants.filter(isPossible)
  const texts = possible.map((given) => JSON.stringify(given))
  const theirs = await oracle.ask(texts)
  for (const [index, given] of possible.entries()) {
    const answers = { ours: answerOf(pricing, given), theirs: theirs[index] ?? '' }
    if (answers.ours !== answers.theirs && isAlike(answers, difference))
      return { index: difference.index, given, ...answers }
  }
  return null
}

/** A variant may make no sense, such as tiers in the wrong order; that one of them fails is another difference. */
function isAlike(a: Pick<Difference, 'ours' | 'theirs'>, b: Difference): boolean {
  return isError(a.ours) === isError(b.ours) && isError(a.theirs) === isError(b.theirs)
}

function isError(answer: string): boolean {
  return answer.startsWith('{"error"')
}

/** Everything that is one step simpler, the greatest steps first. */
function* variantsOf(json: Json): Generator<Json> {
  if (typeof json === 'string') yield* simplerTexts(json)
  else if (typeof json === 'number') yield* simplerNumbers(json)
  else if (Array.isArray(json)) yield* smallerLists(json)
  else if (isObject(json)) yield* smallerObjects(json)
}

function isObject(json: Json): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function* smallerLists(list: readonly Json[]): Generator<Json> {
  for (const index of list.keys()) yield list.toSpliced(index, 1)
  for (const [index, item] of list.entries())
    for (const simpler of variantsOf(item)) yield list.with(index, simpler)
}

/** What a price may do without, and what may be null. */
const OPTIONAL = new Set(['minimum', 'maximum', 'flatFee', 'included', 'fixedPerEvent'])
const NULLABLE = new Set(['base', 'minimum', 'planTax', 'tax', 'to'])

function* smallerObjects(object: { readonly [name: string]: Json }): Generator<Json> {
  for (const [name, value] of Object.entries(object)) {
    const { [name]: _, ...rest } = object
    if (OPTIONAL.has(name) && typeof value === 'string') yield rest
    else if (NULLABLE.has(name) && value !== null) yield { ...object, [name]: null }
  }
  for (const [name, value] of Object.entries(object))
    for (const simpler of variantsOf(value)) yield { ...object, [name]: simpler }
}

/** Decimals with fewer digits. */
function* simplerTexts(text: string): Generator<Json> {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return
  const simple = ['0', '1', '10', text.replace(/\..*/, ''), text.replace(/\.?\d$/, '')]
  for (const simpler of simple)
    if (simpler !== '' && simpler !== '-' && simpler.length < text.length) yield simpler
  if (/^[2-9]$/.test(text)) yield '1'
}

function* simplerNumbers(number: number): Generator<Json> {
  const [half, less] = [Math.trunc(number / 2), number - Math.sign(number)]
  for (const simpler of [0, 1, 100, half, ...(Math.abs(number) < 10 ? [less] : [])])
    if (Math.abs(simpler) < Math.abs(number)) yield simpler
}
