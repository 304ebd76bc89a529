/** Where a block of JSON without a method of its own is sent; null: it is an answer, which must be JSON. */
export const PLACES: Readonly<Record<string, string | null>> = {
  'alerts#2': null,
  'control#7': null,
  'control#10': 'POST /api/v1/control/usage',
  'errors#1': null,
  'meters#1': 'POST /api/v1/meters',
  'plans-and-subscriptions#1': 'POST /api/v1/plans',
  'plans-and-subscriptions#3': 'POST /api/v1/subscriptions',
  'plans-and-subscriptions#5': 'OVERRIDES',
  'portal#2': null,
  'sending-usage#2': null,
  'sending-usage#3': 'POST /api/v1/events',
  'sending-usage#4': null,
  'simulating#2': null,
  'verifying#2': null,
  'webhooks#2': null,
}
