import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { contactOf } from '../customers/contact.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import type { Database } from '../platform/db/database.ts'
import { SECURITY_HEADERS, sendError } from '../platform/http/answer.ts'
import { textField } from '../platform/http/fields.ts'
import { type Route, rawRoute } from '../platform/http/route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { documentOf } from './document-of.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import { renderInvoice } from './render.ts'

export function documentsRoutes(deps: { readonly db: Database }): Route[] {
  return [pdfRoute(deps)]
}

function pdfRoute({ db }: { readonly db: Database }): Route {
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
    replies: { 200: z.string().meta({ description: 'application/pdf' }) },
    failures: [invoiceFailures.unknown],
    handleRaw(_request, response, { caller, params, requestId, log }) {
      const answer = async (): Promise<void> => {
        if (!caller) throw new Error('a route that is not hot has a caller')
        const document = await readDocument(db, caller.envId, params.invoiceId ?? '')
        send(response, document, await renderInvoice(document))
      }
      answer().catch((error) => sendError(response, error, requestId, log))
    },
  })
}

function readDocument(db: Database, envId: number, invoiceId: string): Promise<InvoiceDocument> {
  return db.inTransaction(async (tx) => {
    const invoice = await getInvoice(tx, envId, invoiceId)
    const settings = await billingSettings(tx, envId)
    return documentOf(invoice, settings, await contactOf(tx, envId, invoice.state.customer))
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

/** A number may have slashes, which are no part of a name. */
function fileName(number: string | null): string {
  return (number ?? 'draft').replace(/[^A-Za-z0-9._-]/g, '-')
}
