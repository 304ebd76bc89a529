/** Parts of a name that say: what stands here opens something. Looked for in the name without its separators. */
const SECRET_PARTS =
  /authorization|cookie|passw|passphrase|passcode|secret|apikey|accesskey|privatekey|signingkey|encryptionkey|credential|signature|bearer|sessionid|cardnumber|token$/
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'auth',
  'csrf',
  'cvc',
  'cvv',
  'jwt',
  'otp',
  'pin',
  'pwd',
  'session',
  'sid',
  'ssn',
  'token',
  'totp',
  'xsrf',
])

const NAME_LENGTH_MAX = 60
const BOUNDARY = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/

/** `name=value`, `name: value` and `"name":"value"` inside a text. The bounds keep the search linear. */
const PAIRS = /([A-Za-z0-9_.-]{1,60})["']{0,1} {0,2}[=:] {0,2}["']{0,1}[^\s"'&;,]/g

/** What keys and passwords look like, wherever in a text they stand. */
const SHAPES: readonly RegExp[] = [
  /\beyJ[\w-]{5,}\.[\w-]{5}/, // a JSON Web Token
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
  /:\/\/[^\s/?#@:]{0,200}:[^\s/?#@]{1,200}@/, // a password in an address
  /\b(?:sk|pk|rk|uf)[_-](?:live|test|prod|proj|ant|or)[_-][\w-]{8}/,
  /\b(?:whsec|npm|hf|gsk|r8|sbp|rpa|pul|gh[oprsu]|github_pat|shp(?:at|ca|ss)|do[op]_v1|lin_api|sntry[su]|re_[A-Za-z0-9]{8})_[A-Za-z0-9]{16}/,
  /\b(?:sk|pplx|pypi|xkeysib)-[A-Za-z0-9]{16}|\b(?:glpat|gldt|nvapi|tskey)-[\w-]{16}/,
  /\bxox[a-z]-[\w-]{8}|\bxapp-[\w-]{8}|\bhv[bs]\.[\w-]{16}|\bdapi[0-9a-f]{32}/,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /\bAIza[\w-]{30}|\bya29\.[\w-]{16}|\bGOCSPX-[\w-]{16}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16}|\b(?:AC|SK)[0-9a-f]{32}\b|\bsq0[a-z]{3}-[\w-]{16}/,
  /\$(?:2[aby]|argon2(?:i|d|id)|scrypt|[156])\$[\w./=$-]{4}/, // a hashed password
]

/** Of a login: its kind, and what stands behind it. A plan may be called "Basic", so that must look made up. */
const LOGINS = /\b(?:bearer|basic|digest|negotiate) {1,3}([\w+/=.~-]{8,200})/gi
const MADE_UP = /\d|[a-z][A-Z]|=$/

const LONG_RUN = /[A-Za-z0-9+_-]{32,}/g
/** What Amazon calls a secret access key. With the slash, longer runs are paths. */
const RUN_OF_40 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/g

/** Whether what bears this name is a secret by it, like `Authorization`, `apiKey` or `db_password`. */
export function isSecretName(name: string): boolean {
  const words = name
    .slice(-NAME_LENGTH_MAX)
    .split(BOUNDARY)
    .map((word) => word.toLowerCase())
  return SECRET_PARTS.test(words.join('')) || words.some((word) => SECRET_WORDS.has(word))
}

/**
 * Whether a secret stands in this text, by its shape: known kinds of keys, a password in an address, a value
 * under a secret name, and any long run of capital and small letters and digits. Of digits from 0 to f alone
 * a key cannot be told from a hash: those need a name.
 */
export function holdsSecret(text: string): boolean {
  if (SHAPES.some((shape) => shape.test(text))) return true
  if ([...text.matchAll(LOGINS)].some(([, login = '']) => MADE_UP.test(login))) return true
  if ([...text.matchAll(PAIRS)].some(([, name = '']) => isSecretName(name))) return true
  return [LONG_RUN, RUN_OF_40].some((runs) => (text.match(runs) ?? []).some(isMixed))
}

function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run)
}
