export {
  selectNextNumber as nextInvoiceNumber,
  selectNumbers as numbersOfInvoices,
} from './invoices.store.ts'
