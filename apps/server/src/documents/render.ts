import { createRequire } from 'node:module'
import path from 'node:path'
import { drawInvoice } from './draw.ts'
import type { InvoiceDocument } from './invoice-document.ts'

const FONT_FOLDER = 'fonts/Roboto'
const FONTS = {
  normal: 'Roboto-Regular.ttf',
  bold: 'Roboto-Medium.ttf',
  italics: 'Roboto-Italic.ttf',
  bolditalics: 'Roboto-MediumItalic.ttf',
}

type PdfMake = typeof import('pdfmake')

let loaded: PdfMake | undefined

/** The document as a PDF. The same document gives the same bytes. */
export async function renderInvoice(document: InvoiceDocument): Promise<Buffer> {
  loaded ??= await load()
  return loaded.createPdf(drawInvoice(document)).getBuffer()
}

/** Loaded with the first document: most processes never draw one, and it takes 200 ms. */
async function load(): Promise<PdfMake> {
  const { default: pdfmake } = await import('pdfmake')
  const home = path.dirname(createRequire(import.meta.url).resolve('pdfmake/package.json'))
  const folder = path.join(home, FONT_FOLDER)
  const files = Object.entries(FONTS).map(
    ([face, file]) => [face, path.join(folder, file)] as const,
  )
  const allowed = new Set<string>(files.map(([, file]) => file))
  pdfmake.setFonts({ Roboto: Object.fromEntries(files) })
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((file: string) => allowed.has(file))
  return pdfmake
}
