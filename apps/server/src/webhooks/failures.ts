import { Failure } from '../platform/errors.ts'
import { FACT_TYPES } from './fact-types.ts'

export const failures = {
  endpointUnknown: () =>
    new Failure(
      'not_found',
      'webhooks.endpoint_unknown',
      'There is no webhook endpoint with this id.',
    ),

  deliveryUnknown: () =>
    new Failure('not_found', 'webhooks.delivery_unknown', 'There is no delivery with this id.'),

  factUnknown: () =>
    new Failure('not_found', 'webhooks.fact_unknown', 'There is no fact with this id.'),

  urlMalformed: () =>
    new Failure(
      'invalid',
      'webhooks.url_malformed',
      'Send an absolute URL of at most 2048 characters, without spaces, control characters or backslashes.',
    ),

  urlNotHttps: () =>
    new Failure(
      'invalid',
      'webhooks.url_not_https',
      'A webhook endpoint must begin with https://, so that nobody reads on the way.',
    ),

  urlHasUser: () =>
    new Failure(
      'invalid',
      'webhooks.url_has_user',
      'A webhook endpoint must not have a user or password in its URL: deliveries are signed instead.',
    ),

  urlPort: () =>
    new Failure(
      'invalid',
      'webhooks.url_port',
      'A webhook endpoint listens on port 443, 8443, or one from 1024 on that no other service is known for.',
    ),

  /** The same for a private host, an unknown one and one that does not answer. */
  urlUnreachable: () =>
    new Failure(
      'invalid',
      'webhooks.url_unreachable',
      'The host of this URL cannot be reached by https on the public internet. If it is on your own network, its operator must allow it with USAGEFLOW_WEBHOOK_NETWORKS.',
    ),

  eventTypesUnknown: (unknown: readonly string[]) =>
    new Failure(
      'invalid',
      'webhooks.event_types_unknown',
      `No fact has the type ${unknown.map((type) => `"${type}"`).join(', ')}. A type may end in ".*".`,
      { unknown, known: Object.keys(FACT_TYPES) },
    ),

  /** Each fact is sent to each of them. */
  endpointsTooMany: (endpointsMax: number) =>
    new Failure(
      'conflict',
      'webhooks.endpoints_too_many',
      `An environment has at most ${endpointsMax} webhook endpoints. Delete one that is not needed.`,
    ),

  secretsTooMany: () =>
    new Failure(
      'conflict',
      'webhooks.secrets_too_many',
      'Several rotations are still under way. Wait until an earlier secret has expired.',
    ),

  endpointDisabled: () =>
    new Failure(
      'conflict',
      'webhooks.endpoint_disabled',
      'This webhook endpoint is disabled. Enable it first.',
    ),

  testsTooMany: () =>
    new Failure(
      'limited',
      'webhooks.tests_too_many',
      'An endpoint can be tested ten times a minute.',
      { retryAfter: 60 },
    ),
}
