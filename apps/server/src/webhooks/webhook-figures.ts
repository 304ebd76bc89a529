export {
  selectWebhookFigures as webhookFigures,
  type WebhookFigures,
} from './webhook-figures.store.ts'
