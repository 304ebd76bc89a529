// Stands for your model: it repeats what it is told, and counts words as tokens.

export async function complete(prompt) {
  const words = prompt.split(/\s+/).filter(Boolean)
  return { text: words.join(' '), usage: usageOf(words.length, words.length) }
}

/** Word by word; the last chunk says what all of it has cost, as those of well-known APIs do. */
complete.stream = async function* (prompt) {
  const { text, usage } = await complete(prompt)
  for (const word of text.split(' ')) yield { text: `${word} ` }
  yield { text: '', usage }
}

function usageOf(promptTokens, completionTokens) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}
