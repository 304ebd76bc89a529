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

function link({ origin }: PublicPlace, path: string, token: string): string {
  return `${origin}${path}?${new URLSearchParams({ token })}`
}

function lines(...paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n')}\n`
}
