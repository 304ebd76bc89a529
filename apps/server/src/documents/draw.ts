import type { Content, createPdf, TableCell } from 'pdfmake'
import { imageType } from '../settings/logo.ts'
import { dayText, moneyText, periodText, priceText, quantityText } from './figures.ts'
import type { DocumentLine, DocumentSum, InvoiceDocument, Party } from './invoice-document.ts'
import { WORDS } from './words.ts'

/** A page as pdfmake takes it. */
export type Page = Parameters<typeof createPdf>[0]

const MARGIN = 48 // points
const LOGO_SIZE = [160, 56] as const
const GREY = '#5f6672'
const RULE = '#d5d9e0'
const SUMS_WIDTH = 260
const FACTS_WIDTH = 128

const styles: NonNullable<Page['styles']> = {
  title: { fontSize: 20, bold: true },
  label: { fontSize: 8, color: GREY },
  small: { fontSize: 8, color: GREY, lineHeight: 1.1 },
  head: { fontSize: 8, color: GREY },
  strong: { bold: true, fontSize: 11 },
}

/** The page of a document. Made anew for every PDF, since drawing changes it. */
export function drawInvoice(written: InvoiceDocument): Page {
  const document = withoutMarks(written)
  const words = WORDS[document.language]
  return {
    pageSize: 'A4',
    pageMargins: [MARGIN, MARGIN, MARGIN, MARGIN + 12],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.15 },
    styles,
    info: infoOf(document),
    content: [
      head(document),
      parties(document),
      linesTable(document),
      sumsTable(document),
      ...(document.note === null
        ? []
        : [{ text: document.note, margin: [0, 24, 0, 0] } as Content]),
    ],
    footer: (page, pages) => ({
      margin: [MARGIN, 16, MARGIN, 0],
      columns: [
        {
          text: [document.seller.name, document.number ?? ''].filter(Boolean).join(' · '),
          style: 'small',
        },
        {
          text: words.page.replace('{page}', String(page)).replace('{pages}', String(pages)),
          style: 'small',
          alignment: 'right',
        },
      ],
    }),
  }
}

const MARKS = /(?![\n\u200C\u200D])[\p{Cc}\p{Cf}]/gu // but line breaks, and what names are joined with

/** No font has a sign for what breaks lines or turns text around: it would be drawn as an empty box. */
function withoutMarks(document: InvoiceDocument): InvoiceDocument {
  const { number, seller, buyer, lines, sums, note } = document
  return {
    ...document,
    number: number && plain(number),
    seller: plainParty(seller),
    buyer: plainParty(buyer),
    lines: lines.map((line) => ({ ...line, description: plain(line.description) })),
    sums: sums.map((sum) => ({ ...sum, name: plain(sum.name) })),
    note: note && plain(note),
  }
}

function plainParty({ name, address, taxNumbers, email }: Party): Party {
  return {
    name: plain(name),
    address: address.map(plain),
    taxNumbers: taxNumbers.map(plain),
    email: email && plain(email),
  }
}

function plain(text: string): string {
  return text.replace(/[\t\r]/g, ' ').replace(MARKS, '')
}

/** The time of issue, not of drawing: the same document gives the same bytes. */
function infoOf({ kind, language, number, seller, issuedAt }: InvoiceDocument) {
  const title = [WORDS[language][kind], number].filter(Boolean).join(' ')
  return { title, author: seller.name, creator: 'UsageFlow', creationDate: issuedAt ?? new Date(0) }
}

function head({ logo, seller, kind, language }: InvoiceDocument): Content {
  const mark: Content =
    logo === null
      ? { text: seller.name, style: 'strong', margin: [0, 6, 0, 0] }
      : {
          image: `data:${imageType(logo) ?? 'image/png'};base64,${logo.toString('base64')}`,
          fit: [...LOGO_SIZE],
        }
  return {
    columns: [
      mark,
      { text: WORDS[language][kind], style: 'title', alignment: 'right', width: 'auto' },
    ],
    columnGap: 24,
    margin: [0, 0, 0, 24],
  }
}

function parties(document: InvoiceDocument): Content {
  const { language, seller, buyer } = document
  const words = WORDS[language]
  return {
    columns: [
      partyBlock(words.from, seller, words.tax_number),
      partyBlock(words.to, buyer, words.tax_number),
      { stack: facts(document), width: FACTS_WIDTH, alignment: 'right' },
    ],
    columnGap: 20,
    margin: [0, 0, 0, 28],
  }
}

function partyBlock(
  label: string,
  { name, address, taxNumbers, email }: Party,
  taxLabel: string,
): Content {
  return {
    stack: [
      { text: label, style: 'label' },
      { text: name, bold: true },
      ...address.map((line) => ({ text: line })),
      ...taxNumbers.map((number) => ({ text: `${taxLabel}: ${number}`, style: 'small' })),
      ...(email === null ? [] : [{ text: email, style: 'small' }]),
    ],
  }
}

function facts({
  number,
  issuedAt,
  dueAt,
  period,
  language,
  timeZone,
}: InvoiceDocument): Content[] {
  const words = WORDS[language]
  const shown: readonly (readonly [label: string, text: string | null])[] = [
    [words.number, number],
    [words.issued, issuedAt && dayText(issuedAt, language, timeZone)],
    [words.due_at, dueAt && dayText(dueAt, language, timeZone)],
    [words.period, period && periodText(period, language, timeZone)],
  ]
  return shown.flatMap(([label, text]) =>
    text === null
      ? []
      : [
          { text: label, style: 'label' },
          { text, margin: [0, 0, 0, 4] },
        ],
  )
}

function linesTable(document: InvoiceDocument): Content {
  const words = WORDS[document.language]
  const heads: TableCell[] = [
    { text: words.description, style: 'head' },
    { text: words.quantity, style: 'head', alignment: 'right' },
    { text: words.unit_price, style: 'head', alignment: 'right' },
    { text: words.amount, style: 'head', alignment: 'right' },
  ]
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: ['*', 'auto', 'auto', 'auto'],
      body: [heads, ...document.lines.map((line) => lineRow(line, document))],
    },
    layout: {
      hLineWidth: (row, node) => (row === 0 || row === node.table.body.length ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingLeft: (column) => (column === 0 ? 0 : 10),
      paddingRight: (column, node) => (column === (node.table.widths?.length ?? 0) - 1 ? 0 : 4),
      paddingTop: () => 5,
      paddingBottom: () => 5,
    },
  }
}

function lineRow(
  line: DocumentLine,
  { language, currency, timeZone }: InvoiceDocument,
): TableCell[] {
  const { description, period, quantity, unitPrice, amountMinor } = line
  const when: Content[] =
    period === null ? [] : [{ text: periodText(period, language, timeZone), style: 'small' }]
  return [
    { stack: [{ text: description }, ...when] },
    figure(quantity === null ? '' : quantityText(quantity, language)),
    figure(unitPrice === null ? '' : priceText(unitPrice, currency, language)),
    figure(moneyText(amountMinor, currency, language)),
  ]
}

function figure(text: string): TableCell {
  return { text, alignment: 'right', noWrap: true }
}

function sumsTable(document: InvoiceDocument): Content {
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    columns: [
      { text: '', width: '*' },
      {
        width: SUMS_WIDTH,
        table: {
          widths: ['*', 'auto'],
          body: document.sums.map((sum) => sumRow(sum, document)),
        },
        layout: {
          hLineWidth: (row) => (isRuled(document.sums[row]) ? 0.8 : 0),
          vLineWidth: () => 0,
          hLineColor: () => GREY,
          paddingLeft: () => 0,
          paddingRight: () => 0,
          paddingTop: () => 3,
          paddingBottom: () => 3,
        },
      },
    ],
  }
}

/** The totals stand below a rule. */
function isRuled(sum: DocumentSum | undefined): boolean {
  return sum?.kind === 'total' || sum?.kind === 'due'
}

/** The name of a tax says that it is one; that of a coupon does not say what it does. */
function labelOf({ kind, name }: DocumentSum, word: string): string {
  if (name === '') return word
  return kind === 'tax' ? name : `${word}: ${name}`
}

function sumRow(sum: DocumentSum, { language, currency }: InvoiceDocument): TableCell[] {
  const label = labelOf(sum, WORDS[language][sum.kind])
  const style = isRuled(sum) ? { style: 'strong' } : {}
  const amount = moneyText(sum.amountMinor, currency, language)
  return [
    { text: label, ...style },
    { text: amount, alignment: 'right', noWrap: true, ...style },
  ]
}
