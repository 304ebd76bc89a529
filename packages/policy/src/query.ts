/** The parameters of a query as forms write it, in their order. What is not decodable is empty. */
export function queryPairs(query: string): readonly (readonly [string, string])[] {
  return query
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
    .map(halves)
    .map(([name, value]) => [formDecoded(name), formDecoded(value)] as const)
}

/** What is told of a query: which parameters it has, each once. */
export function queryNames(query: string): readonly string[] {
  if (query === '') return [] // as of most requests
  return [...new Set(queryPairs(query).map(([name]) => name))].filter((name) => name !== '')
}

/** What stands before the first `=`, and what behind it. */
export function halves(pair: string): readonly [string, string] {
  const [name = '', ...rest] = pair.split('=')
  return [name, rest.join('=')]
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
