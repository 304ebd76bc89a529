/** What one request of the API may ask for. */
const IDS_MAX = 200

/** Of an address; servers, and the proxies before them, refuse one of 8 KB or more. */
const CHARACTERS_MAX = 6000

/** Parts customers' ids into those that one request may name, by their number and by the length of its address. */
export function requestsFor(ids: readonly string[]): string[][] {
  const requests: string[][] = []
  let characters = 0
  for (const id of ids) {
    const last = requests.at(-1)
    const more = `customerId=${encodeURIComponent(id)}&`.length
    if (!last || last.length === IDS_MAX || characters + more > CHARACTERS_MAX) {
      requests.push([id])
      characters = more
    } else {
      last.push(id)
      characters += more
    }
  }
  return requests
}
