const CHARACTERS_MAX = 200

/** Whether people can be shown `text` as the name of something, and the database can hold it. */
export function isName(text: string): boolean {
  const isClean = text.isWellFormed() && !text.includes('\0')
  return isClean && text.trim() !== '' && text.length <= CHARACTERS_MAX
}
