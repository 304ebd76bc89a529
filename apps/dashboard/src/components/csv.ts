import type { CellValue } from '../ui/compare-values.ts'
import type { Column } from '../ui/data-table.tsx'

/** What a spreadsheet would take for a formula, as the exports of the server have it. */
const FORMULA = /^\s*[=+\-@＝＋－＠|%]|^[\t\r\n]/
const NUMBER = /^-?\d+(\.\d+)?$/

/** The first record, which names the columns. */
export function csvHead(columns: readonly { readonly header: string }[]): string {
  return csvRecord(columns.map(({ header }) => header))
}

/** The rows as CSV (RFC 4180), in which no cell is a formula. */
export function csvRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows
    .map((row) => csvRecord(columns.map((column) => (column.exported ?? column.value)(row))))
    .join('')
}

function csvRecord(values: readonly CellValue[]): string {
  return `${values.map(cellText).join(',')}\r\n`
}

function cellText(value: CellValue): string {
  const text = value === null ? '' : String(value)
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** Hands `content` to the reader as a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
