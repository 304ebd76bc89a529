const NAME_LENGTH_MAX = 100
const FOLDERS_MAX = 20

/** What the nearest package of the program is called, else `default`. Never throws. */
export function applicationName(): string {
  try {
    const fs = process.getBuiltinModule('node:fs')
    const path = process.getBuiltinModule('node:path')
    let folder = path.dirname(process.argv[1] ?? '')
    for (let up = 0; up < FOLDERS_MAX; up += 1) {
      const file = path.join(folder, 'package.json')
      if (fs.existsSync(file)) {
        const { name } = JSON.parse(fs.readFileSync(file, 'utf8'))
        return typeof name === 'string' && name !== '' ? name.slice(0, NAME_LENGTH_MAX) : 'default'
      }
      folder = path.dirname(folder)
    }
  } catch {
    // Elsewhere than in Node, or with a file that cannot be read, a name is not worth a word.
  }
  return 'default'
}
