import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SDKS = fileURLToPath(new URL('../sdks/python', import.meta.url))

/** Where Python finds the packages of this tree. */
export const PYTHON_SOURCES = ['core', 'flask', 'fastapi'].map((name) => `${SDKS}/${name}/src`)

/** The Python of an environment with what `requirements.txt` names, made anew when it names something else. */
export function pythonWithFrameworks(): string {
  const requirements = `${SDKS}/requirements.txt`
  const content = hash('sha256', readFileSync(requirements)).slice(0, 16)
  const folder = fileURLToPath(new URL(`../.cache/python-${content}`, import.meta.url))
  const program = `${folder}/bin/python`
  const ready = `${folder}/ready.txt`
  if (existsSync(ready)) return program
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', requirements]
  execFileSync(program, install, { stdio: 'inherit' })
  writeFileSync(ready, 'Whatever is here can be deleted: it is made again.\n')
  return program
}
