export { hasEvents } from './has-events.store.ts'
