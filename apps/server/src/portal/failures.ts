import { Failure } from '../platform/errors.ts'

export const failures = {
  linkMissing: () =>
    new Failure(
      'unauthenticated',
      'portal.link_missing',
      'Open the link that you were sent: this page shows nothing without it.',
    ),

  /** Whoever had the link is told whom to ask; null: it was never one. */
  linkRefused: (organization: string | null) =>
    new Failure(
      'unauthenticated',
      'portal.link_refused',
      `This link is no longer good. Ask ${organization ?? 'whoever sent it'} for a new one.`,
      { organization },
    ),

  rootHasNone: () =>
    new Failure(
      'invalid',
      'portal.root_has_none',
      'The root customer stands for your organization and has no portal. Name one of your customers.',
    ),

  planNotOffered: (plan: string) =>
    new Failure(
      'forbidden',
      'portal.plan_not_offered',
      `The plan "${plan}" cannot be chosen here. Ask whoever sent you this link.`,
    ),

  /** The plan has got another version since the customer looked. */
  offerChanged: (plan: string) =>
    new Failure(
      'conflict',
      'portal.offer_changed',
      `The prices of "${plan}" have changed meanwhile. Load the page again and look at the new ones.`,
    ),

  nowNotOffered: () =>
    new Failure(
      'forbidden',
      'portal.now_not_offered',
      'This change can be made with the end of the period only.',
    ),

  changeNotAllowed: () =>
    new Failure(
      'forbidden',
      'portal.change_not_allowed',
      'This subscription cannot be changed here. Ask whoever sent you this link.',
    ),
}
