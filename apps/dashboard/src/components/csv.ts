import type { CellValue } from '../ui/compare-values.ts'
import type { Column } from '../ui/data-table.tsx'

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^-?\d+(\.\d+)?$/

/** The rows as CSV (RFC 4180), in which no cell is a formula. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ header }) => cellText(header)),
    ...rows.map((row) => columns.map((column) => cellText(column.value(row)))),
  ]
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('')
}

function cellText(value: CellValue): string {
  const text = value === null ? '' : String(value)
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** Hands `content` to the reader as a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  saveFrom(name, address)
  URL.revokeObjectURL(address)
}

/** Hands what an address answers to the reader as a file, as it comes. */
export function saveFrom(name: string, address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}
