import { expect, test } from 'vitest'
import { drawInvoice } from './draw.ts'
import type { InvoiceDocument, Party } from './invoice-document.ts'
import { renderInvoice } from './render.ts'
import { graduatedInUsDollars } from './test-documents.ts'

const HOSTILE = [
  '<script>app.alert(1)</script>',
  'javascript:app.alert(1)',
  'https://evil.example/',
  'file:///etc/passwd',
  '=HYPERLINK("https://evil.example")',
  ') /OpenAction << /S /JavaScript /JS (app.alert(1)) >> (',
  'a\u202Egpj.exe',
  '{{7*7}}',
]

const FIELDS = 13

/** What a viewer would act on: none of it is in a document of plain text. */
const ACTS = /\/(JS|JavaScript|OpenAction|AA|URI|Launch|GoToR|SubmitForm|Annots|EmbeddedFile)\b/

test.each(HOSTILE)('%j is text in a PDF, wherever it stands', async (text) => {
  const document = withText(text)
  const pdf = (await renderInvoice(document)).toString('latin1')
  expect(pdf.replace(/\((?:\\.|[^\\)])*\)/gs, '()')).not.toMatch(ACTS) // beside what is quoted as text
  const shown = inJson(text.replace('\u202E', '')) // no font can draw it
  expect(JSON.stringify(drawInvoice(document).content).split(shown)).toHaveLength(1 + FIELDS)
})

/** The text in every field that takes one. */
function withText(text: string): InvoiceDocument {
  const party: Party = { name: text, address: [text], taxNumbers: [text], email: text }
  const { lines, sums } = graduatedInUsDollars
  return {
    ...graduatedInUsDollars,
    ...{ number: text, seller: party, buyer: party, note: text },
    lines: lines.slice(0, 1).map((line) => ({ ...line, description: text })),
    sums: sums.map((sum) => (sum.kind === 'tax' ? { ...sum, name: text } : sum)),
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
