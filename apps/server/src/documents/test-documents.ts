import { decimal } from '@usageflow/pricing'
import type { DocumentLine, InvoiceDocument } from './invoice-document.ts'

// For tests: what three very different sellers send.

const MARCH = { start: new Date('2026-03-01T00:00:00Z'), end: new Date('2026-04-01T00:00:00Z') }
const COMMON = {
  kind: 'invoice',
  timeZone: 'UTC',
  issuedAt: new Date('2026-04-01T01:00:00Z'),
  dueAt: new Date('2026-05-01T01:00:00Z'),
  period: MARCH,
  logo: null,
  note: null,
} as const

/** Graduated tiers, credits and tax, in US dollars. */
export const graduatedInUsDollars: InvoiceDocument = {
  ...COMMON,
  language: 'en',
  currency: 'USD',
  number: 'CLOUD-2026-000042',
  seller: {
    name: 'CloudAI, Inc.',
    address: ['548 Market Street', 'San Francisco, CA 94104', 'United States'],
    taxNumbers: ['EIN 12-3456789'],
    email: 'billing@cloudai.example',
  },
  buyer: {
    name: 'Northwind Research and Development Cooperative of the Upper Rhine Valley',
    address: [
      'Am Alten Hafen 17, Hinterhaus, 3. Obergeschoss',
      '79104 Freiburg im Breisgau',
      'Germany',
    ],
    taxNumbers: ['DE 811 907 980'],
    email: 'accounts.payable@northwind-research.example',
  },
  lines: [
    line('Pro, base price', '1', '100', 10_000n),
    line(
      'Requests: first 1,000,000 after 10,000 included and 250,000 credited',
      '1260000',
      '0.0004',
      40_000n,
    ),
    line('Requests: next 9,000,000', '9000000', '0.00025', 225_000n),
    line('Requests: beyond', '123456.789', '0.000000000001', 0n),
    line('Storage: 12.5 GB, 10 GB included', '12.5', '0.9', 225n),
  ],
  sums: [
    { kind: 'subtotal', name: '', amountMinor: 275_225n },
    { kind: 'discount', name: 'LAUNCH10 (10 %)', amountMinor: -27_523n },
    { kind: 'credit', name: '', amountMinor: -2_000n },
    { kind: 'tax', name: 'Sales tax 8.25 %', amountMinor: 20_270n },
    { kind: 'total', name: '', amountMinor: 265_972n },
    { kind: 'prepaid', name: '', amountMinor: -50_000n },
    { kind: 'due', name: '', amountMinor: 215_972n },
  ],
  note: 'Thank you. Payable within 30 days by bank transfer: IBAN DE89 3704 0044 0532 0130 00.',
}

/** A currency without minor digits. */
export const inYen: InvoiceDocument = {
  ...COMMON,
  language: 'en',
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  number: 'INV-000007',
  seller: {
    name: 'Hikari Metering K.K.',
    address: ['1-2-3 Marunouchi', 'Chiyoda-ku, Tokyo 100-0005'],
    taxNumbers: ['T1234567890123'],
    email: null,
  },
  buyer: {
    name: 'Sakura Trading',
    address: ['4-5-6 Umeda', 'Osaka 530-0001'],
    taxNumbers: [],
    email: null,
  },
  lines: [
    line('Standard, base price', '1', '12000', 12_000n),
    line('API calls', '333', '0.5', 167n),
  ],
  sums: [
    { kind: 'subtotal', name: '', amountMinor: 12_167n },
    { kind: 'tax', name: 'Consumption tax 10 %', amountMinor: 1_217n },
    { kind: 'total', name: '', amountMinor: 13_384n },
    { kind: 'due', name: '', amountMinor: 13_384n },
  ],
}

/** Three minor digits, and a table over several pages. */
export const longInDinars: InvoiceDocument = {
  ...COMMON,
  language: 'de',
  timeZone: 'Asia/Kuwait',
  currency: 'KWD',
  number: 'KW-1001',
  seller: {
    name: 'Gulf Data W.L.L.',
    address: ['Al Hamra Tower, Floor 41', 'Kuwait City'],
    taxNumbers: [],
    email: 'rechnung@gulfdata.example',
  },
  buyer: {
    name: 'Beispiel AG',
    address: ['Musterstraße 1', '10115 Berlin'],
    taxNumbers: ['DE 123 456 789'],
    email: null,
  },
  lines: Array.from({ length: 75 }, (_, n) =>
    line(
      n % 7 === 0
        ? `Rechenzeit in der Region me-central-${n} mit dauerhaft reservierten Kapazitäten und Datenübertragung ohne Begrenzung`
        : `Rechenzeit, Modell gpt-${n}`,
      String(1000 + n * 37),
      '0.0005',
      500n + BigInt(n),
    ),
  ),
  sums: [
    { kind: 'subtotal', name: '', amountMinor: 40_275n },
    { kind: 'included_tax', name: 'USt. 19 %', amountMinor: 6_430n },
    { kind: 'total', name: '', amountMinor: 40_275n },
    { kind: 'due', name: '', amountMinor: 40_275n },
  ],
}

function line(
  description: string,
  quantity: string,
  unitPrice: string,
  amountMinor: bigint,
): DocumentLine {
  return {
    description,
    period: null,
    quantity: decimal(quantity),
    unitPrice: decimal(unitPrice),
    amountMinor,
  }
}
