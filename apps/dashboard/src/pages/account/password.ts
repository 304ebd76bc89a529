const PASSWORD_CHARACTERS_MIN = 10

/** What is wrong with a password so far; null before anything was typed, and when nothing is. */
export function passwordProblem(password: string): string | null {
  const isShort = password !== '' && password.length < PASSWORD_CHARACTERS_MIN
  return isShort ? `At least ${PASSWORD_CHARACTERS_MIN} characters` : null
}
