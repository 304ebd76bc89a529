import { type Complaint, isCode, isExcused, isProduct, isTest, type Source } from './source.ts'

/** Text that may stand only where it belongs. `why` is for the reader of the complaint. */
type TextRule = {
  readonly text: RegExp
  readonly appliesTo: (file: string) => boolean
  readonly why: string
  /** The word with which a line may excuse itself, giving a reason. Rules without one know no exception. */
  readonly excuse?: string
  /** Looks at comments and prose too. */
  readonly anywhere?: true
}

const STORE = /\.store\.ts$|^apps\/server\/src\/platform\/db\//
const MONEY =
  /^packages\/pricing\/|^apps\/server\/src\/(rating|invoicing)\/|^sdks\/js\/core\/src\/(amount|sums)\.ts$/
const CLOCKS = /^apps\/server\/src\/platform\/|^(apps\/dashboard|sdks\/js\/[^/]+)\/src\/clock\.ts$/
const ENVIRONMENT = /(^|[/.])config\.ts$|^apps\/server\/src\/platform\//
const CHANCE = /^apps\/server\/src\/(platform|identity)\//

const RULES: readonly TextRule[] = [
  {
    text: /\bsql(<.*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(/,
    appliesTo: (file) => isProduct(file) && !STORE.test(file),
    why: 'SQL lives in *.store.ts',
  },
  {
    text: /['"`]\s*(insert into \w|delete from \w|truncate \w|update \w+ set |copy \w+ ?(\(.*\) )?from |select .* from \w)/,
    appliesTo: (file) => isProduct(file) && !STORE.test(file),
    why: 'SQL lives in *.store.ts',
  },
  {
    text: /\bDate\.now\(|\bnew Date\(\)|\bTemporal\.Now\b/,
    appliesTo: (file) => isProduct(file) && !CLOCKS.test(file),
    why: 'time is an argument: below main.ts nobody looks at the clock',
  },
  {
    text: /\bMath\.random\(|\b(randomBytes|randomUUID|randomInt|getRandomValues)\(/,
    appliesTo: (file) => isProduct(file) && !CHANCE.test(file),
    why: 'chance is an argument, or platform and identity draw it',
    excuse: 'chance',
  },
  {
    text: /\bprocess\.env\b/,
    appliesTo: (file) => isProduct(file) && !ENVIRONMENT.test(file),
    why: 'config.ts reads the environment, and the rest gets arguments',
  },
  {
    text: /\bparseFloat\(|\.toFixed\(|(?<!\w)Number\(|\bMath\.round\(/,
    appliesTo: (file) => isProduct(file) && MONEY.test(file),
    why: 'money and quantities are never floats',
    excuse: 'not money',
  },
  {
    text: /^\s*export default\b|\bexport \{.*\bas default\b/,
    appliesTo: (file) => isCode(file) && !/\.config\.ts$/.test(file),
    why: 'no default exports: a thing has one name everywhere',
  },
  {
    text: /\/(home|root|Users|work)\/\w|\.\.\/shared\b/,
    appliesTo: isReadByPeople,
    why: 'a path of one machine means nothing on another',
    anywhere: true,
  },
  {
    text: /\b([Ii]ssue|[Tt]icket|[Pp]ull request) #?\d+\b|\(#\d+\)|\b(TODO|FIXME|XXX)\b/,
    appliesTo: isReadByPeople,
    why: 'the text must explain itself: say what is so, not where it was discussed',
    anywhere: true,
  },
  {
    text: /\b(sub-?agents?|(previous|earlier|next) session)\b/i,
    appliesTo: isReadByPeople,
    why: 'how the text came about is not its subject',
    anywhere: true,
  },
]

/** Everything but tests, which read what lies elsewhere, and these rules, which spell what they forbid. */
function isReadByPeople(file: string): boolean {
  return !isTest(file) && !file.startsWith('tools/tidy/')
}

/** Lines with text that does not belong where it stands. */
export function misplacedText(source: Source): Complaint[] {
  const rules = RULES.filter((rule) => rule.appliesTo(source.file))
  return source.lines.flatMap((line, index) =>
    rules
      .filter((rule) => rule.text.test(rule.anywhere ? line : (source.code[index] ?? '')))
      .filter((rule) => rule.excuse === undefined || !isExcused(source, index, rule.excuse))
      .map((rule) => ({ file: source.file, line: index + 1, reason: rule.why })),
  )
}
