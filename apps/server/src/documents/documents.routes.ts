import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { failures as creditNoteFailures } from '../credit-notes/failures.ts'
import { getCreditNote } from '../credit-notes/issue-credit-note.ts'
import { contactOf } from '../customers/contact.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import type { Database } from '../platform/db/database.ts'
import { SECURITY_HEADERS, sendError } from '../platform/http/answer.ts'
import { textField } from '../platform/http/fields.ts'
import { type RawContext, type Route, rawRoute } from '../platform/http/route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { creditNoteDocument } from './credit-note-document.ts'
import { documentOf } from './document-of.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import { nextNumbersRoute } from './next-numbers.routes.ts'
import { renderInvoice } from './render.ts'

export function documentsRoutes(deps: { readonly db: Database }): Route[] {
  return [invoiceRoute(deps), creditNoteRoute(deps), nextNumbersRoute()]
}

const pdfReply = { 200: z.string().meta({ description: 'application/pdf' }) }

function invoiceRoute({ db }: { readonly db: Database }): Route {
  return rawRoute({
    method: 'GET',
    path: '/api/v1/invoices/:invoiceId/pdf',
    tag: 'Invoices',
    summary: 'Read an invoice as a PDF',
    description:
      "In the customer's language, or else that of the settings. A draft says that it is one.",
    scope: 'billing:read',
    isHot: false,
    params: z.object({ invoiceId: textField(100) }),
    replies: pdfReply,
    failures: [invoiceFailures.unknown],
    handleRaw: (_request, response, call) =>
      answer(response, call, (envId) => readInvoice(db, envId, call.params.invoiceId ?? '')),
  })
}

function creditNoteRoute({ db }: { readonly db: Database }): Route {
  return rawRoute({
    method: 'GET',
    path: '/api/v1/credit-notes/:creditNoteId/pdf',
    tag: 'Credit notes',
    summary: 'Read a credit note as a PDF',
    scope: 'billing:read',
    isHot: false,
    params: z.object({ creditNoteId: textField(100) }),
    replies: pdfReply,
    failures: [creditNoteFailures.unknown],
    handleRaw: (_request, response, call) =>
      answer(response, call, (envId) => readCreditNote(db, envId, call.params.creditNoteId ?? '')),
  })
}

/** Reads a document and sends it as a PDF; what goes wrong is answered like everywhere. */
function answer(
  response: ServerResponse,
  { caller, requestId, log }: Pick<RawContext, 'caller' | 'requestId' | 'log'>,
  read: (envId: number) => Promise<InvoiceDocument>,
): void {
  const drawn = async (): Promise<void> => {
    if (!caller) throw new Error('a route that is not hot has a caller')
    const document = await read(caller.envId)
    send(response, document, await renderInvoice(document))
  }
  drawn().catch((error) => sendError(response, error, { requestId, log }))
}

function readInvoice(db: Database, envId: number, invoiceId: string): Promise<InvoiceDocument> {
  return db.inTransaction(async (tx) => {
    const invoice = await getInvoice(tx, envId, invoiceId)
    const settings = await billingSettings(tx, envId)
    return documentOf(invoice, settings, await contactOf(tx, envId, invoice.state.customer))
  })
}

function readCreditNote(db: Database, envId: number, id: string): Promise<InvoiceDocument> {
  return db.inTransaction(async (tx) => {
    const note = await getCreditNote(tx, envId, id)
    const { content } = await getInvoice(tx, envId, note.invoiceId)
    const settings = await billingSettings(tx, envId)
    return creditNoteDocument(note, content, settings, await contactOf(tx, envId, note.customer))
  })
}

function send(response: ServerResponse, { number }: InvoiceDocument, pdf: Buffer): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'application/pdf',
    'content-length': pdf.length,
    'content-disposition': `inline; filename="${fileName(number)}.pdf"`,
  })
  response.end(pdf)
}

/** The name of the file of a document: its number may have slashes, which are no part of a name. */
export function fileName(number: string | null): string {
  return (number ?? 'draft').replace(/[^A-Za-z0-9._-]/g, '-')
}
