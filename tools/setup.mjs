// Makes the tree ready to run: the right Node, and the packages of the lock file. Has no
// dependencies itself, since it runs before there are any. `node tools/setup.mjs`
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_OLDEST = [20, 19]

/** Why this Node cannot run UsageFlow, or undefined when it can. */
function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor >= NODE_OLDEST[1])
  if (isEnough) return undefined
  return `UsageFlow needs Node ${NODE_OLDEST.join('.')} or later, and this is ${version}: see https://nodejs.org/`
}

/** Whether the packages are missing, or are those of another lock file. */
function needsInstall(root) {
  const stamp = stampFile(root)
  const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(root)
  return !isStamped && !isInstalledAsLocked(root)
}

/** Installed without us, by `npm ci` or `npm install`: npm's own record names every package. */
function isInstalledAsLocked(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (!place.includes('node_modules/') || optional) return true
    return installed[place] !== undefined && installed[place].version === version // packages of our own have none
  })
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.usageflow-setup')
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
}

/** Brings `root` up to date and returns what was done, in one line. Throws when npm fails. */
function setup(root) {
  const complaint = nodeComplaint(process.versions.node)
  if (complaint) throw new Error(complaint)
  const isNeeded = needsInstall(root)
  if (isNeeded) npmCi(root)
  writeFileSync(stampFile(root), lockHash(root))
  return isNeeded ? 'setup: packages installed' : 'setup: nothing to do'
}

function npmCi(root) {
  // npm's own program, if npm started us: on some systems `npm` on the path is another one.
  const npmCli = process.env.npm_execpath
  const [command, first] = npmCli?.endsWith('npm-cli.js')
    ? [process.execPath, [npmCli]]
    : ['npm', []]
  const { status, error } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (error) throw error
  if (status !== 0) throw new Error(`npm ci failed with status ${status}`)
}

try {
  console.log(setup(path.dirname(path.dirname(fileURLToPath(import.meta.url)))))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
