import { existsSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError } from '../../config.ts'
import { apiClient } from '../api-client.ts'
import { say, sayJson, sayTable } from '../print.ts'
import { carryOver } from './carry-over.ts'
import { CatalogNotImported } from './catalog-not-imported.ts'
import type { Draft } from './draft.ts'
import { fromDodo } from './from-dodo.ts'
import { fromLago } from './from-lago.ts'
import { fromOpenmeter } from './from-openmeter.ts'
import { askApi, type Product, readExport, type Source } from './read-source.ts'

export type ImportCatalogFlags = {
  readonly url: string
  readonly key: string
  readonly file?: string
  readonly fromUrl?: string
  readonly fromKey?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Takes meters and plans of another product over into a running server, and says what became of each. */
export async function importCatalog(product: Product, flags: ImportCatalogFlags): Promise<void> {
  const draft = draftOf(product, await readSource(product, flags))
  const api = apiClient(flags.url, flags.key)
  const outcomes = await carryOver(api, draft, { isDryRun: flags.dryRun === true })
  if (flags.json) return sayJson({ outcomes })
  if (outcomes.length > 0)
    sayTable(
      ['', 'key', 'outcome', 'notes'],
      outcomes.map(({ kind, key, outcome, notes }) => [kind, key, outcome, notes.join('; ')]),
    )
  const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length
  const made = flags.dryRun ? 'would be imported' : 'imported'
  say(
    `${count(made)} ${made}, ${count('there already')} there already, ${count('left out')} left out.`,
  )
}

function readSource(product: Product, flags: ImportCatalogFlags): Source | Promise<Source> {
  const { file, fromUrl, fromKey } = flags
  if ((file === undefined) === (fromKey === undefined))
    throw new ConfigError('give either --file, or --from-key to ask the API of the product')
  if (fromKey !== undefined) return askApi(product, { url: fromUrl, key: fromKey })
  if (file === undefined || !existsSync(file)) throw new ConfigError(`there is no file ${file}`)
  return readExport(product, file)
}

function draftOf(product: Product, { meters, plans }: Source): Draft {
  try {
    if (product === 'dodo') return fromDodo(meters, plans)
    return product === 'lago' ? fromLago(meters, plans) : fromOpenmeter(meters)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new CatalogNotImported(`this is not what ${product} gives: ${z.prettifyError(error)}`)
  }
}
