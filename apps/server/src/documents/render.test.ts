import { describe, expect, test } from 'vitest'
import { DOCUMENT_LANGUAGES } from '../settings/billing-settings.ts'
import { drawInvoice } from './draw.ts'
import { renderInvoice } from './render.ts'
import { graduatedInUsDollars, inYen, longInDinars } from './test-documents.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('the PDF of an invoice', () => {
  test.each([
    ['one page', graduatedInUsDollars, 1],
    ['yen', inYen, 1],
    ['a table over pages', longInDinars, 4],
  ])('is whole: %s', async (_what, document, pages) => {
    const pdf = await renderInvoice(document)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.subarray(-6).toString().trim()).toBe('%%EOF')
    expect(pagesOf(pdf)).toBe(pages)
  })

  test('is the same, byte by byte, whenever it is asked for', async () => {
    const [one, other] = [await renderInvoice(inYen), await renderInvoice(inYen)]
    expect(one.equals(other)).toBe(true)
  })

  test('shows a logo', async () => {
    const pdf = await renderInvoice({ ...inYen, logo: PIXEL })
    expect(pdf.includes('/Subtype /Image')).toBe(true)
  })

  test('loads nothing from an address or a file', async () => {
    const { defaultStyle, ...page } = drawInvoice(inYen)
    expect(defaultStyle).toBeDefined()
    expect(JSON.stringify(page)).not.toMatch(/https?:|file:/)
  })

  test.each(DOCUMENT_LANGUAGES)('has all its words in %s', async (language) => {
    const pdf = await renderInvoice({ ...longInDinars, language, lines: [] })
    expect(pagesOf(pdf)).toBe(1)
  })
})

function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
}
