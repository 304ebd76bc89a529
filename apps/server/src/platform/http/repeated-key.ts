/** A string, or a character that opens, closes or parts. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/** The first key that one object of the JSON `text` has twice, or null. For the error message only. */
export function firstRepeatedKey(text: string): string | null {
  const open: Set<string>[] = [] // the keys so far of every object or array that is open
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set())
    if (token === '}' || token === ']') open.pop()
    if (token === ':') {
      const key: string = JSON.parse(last)
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
    last = token
  }
  return null
}
