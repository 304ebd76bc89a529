export { selectNextNumber as nextCreditNoteNumber } from './credit-notes.store.ts'
