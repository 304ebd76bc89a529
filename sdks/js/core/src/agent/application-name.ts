import { environmentOf } from '../config.ts'

const NAME_LENGTH_MAX = 100
const FOLDERS_MAX = 20

/** What is given, or the variable USAGEFLOW_APPLICATION, or what the nearest package of the program is called, else `default`. */
export function applicationName(given: string | undefined): string {
  const name = given || environmentOf().USAGEFLOW_APPLICATION || packageName() || 'default'
  // Whatever the server cannot take it would refuse with every call.
  return name.slice(0, NAME_LENGTH_MAX).toWellFormed().replaceAll('\0', '\ufffd')
}

/** Null where there is none. Never throws. */
function packageName(): string | null {
  try {
    const fs = process.getBuiltinModule('node:fs')
    const path = process.getBuiltinModule('node:path')
    let folder = path.dirname(process.argv[1] ?? '')
    for (let up = 0; up < FOLDERS_MAX; up += 1) {
      const file = path.join(folder, 'package.json')
      if (fs.existsSync(file)) {
        const { name } = JSON.parse(fs.readFileSync(file, 'utf8'))
        return typeof name === 'string' ? name : null
      }
      folder = path.dirname(folder)
    }
  } catch {
    // Elsewhere than in Node, or with a file that cannot be read, a name is not worth a word.
  }
  return null
}
