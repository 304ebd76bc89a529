import type { InvoicePreview } from '../../api/records.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { lineColumns } from './InvoiceLines.tsx'

/** The lines of an invoice that there is not yet. */
export function PreviewLines({ preview }: { readonly preview: InvoicePreview }) {
  return (
    <DataTable
      label="Lines so far"
      rows={preview.lines}
      rowId={({ lineNo }) => String(lineNo)}
      columns={lineColumns(preview.currency)}
    />
  )
}
