import { WORDS_DE } from './words-de.ts'
import { WORDS_EN, type Words } from './words-en.ts'

/** The words of a language tag like `de-AT`; English where there are none, with the tag that they are in. */
export function wordsOf(language: string): { readonly lang: string; readonly words: Words } {
  const [base] = language.toLowerCase().split('-')
  return base === 'de' ? { lang: 'de', words: WORDS_DE } : { lang: 'en', words: WORDS_EN }
}

export type { Words }
