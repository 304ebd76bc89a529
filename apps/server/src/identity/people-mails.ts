import type { Mail } from '../platform/mail/mail.ts'
import type { PublicPlace } from './origins.ts'

/** Proves that the address is theirs. */
export function verificationMail(to: string, token: string, place: PublicPlace): Mail {
  return {
    to,
    subject: 'Confirm your e-mail address',
    text: lines(
      'Open this address within an hour to confirm that this e-mail address is yours:',
      link(place, '/verify-email', token),
      'If you did not ask for an account, ignore this message: without the confirmation nobody can use it.',
    ),
  }
}

export function resetMail(to: string, token: string, place: PublicPlace): Mail {
  return {
    to,
    subject: 'Choose a new password',
    text: lines(
      'Open this address within an hour to choose a new password:',
      link(place, '/reset-password', token),
      'If you did not ask for it, ignore this message: your password stays as it is.',
    ),
  }
}

export function invitationMail(
  to: string,
  token: string,
  from: { readonly place: PublicPlace; readonly organization: string; readonly inviter: string },
): Mail {
  return {
    to,
    subject: `${plain(from.inviter)} invites you to ${plain(from.organization)}`,
    text: lines(
      `${plain(from.inviter)} invites you to the organization ${plain(from.organization)}. Open this address within seven days to accept:`,
      invitationLink(from.place, token),
      `The invitation is for ${to} alone. If you do not know them, ignore this message.`,
    ),
  }
}

/** Where an invitation is accepted. */
export function invitationLink(place: PublicPlace, token: string): string {
  return link(place, '/invitation', token)
}

/** A name that somebody chose must not break lines, begin links, or turn the text around. */
function plain(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').replace(/:\/\//g, ': //')
}

function link({ origin }: PublicPlace, path: string, token: string): string {
  return `${origin}${path}?${new URLSearchParams({ token })}`
}

function lines(...paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n')}\n`
}
