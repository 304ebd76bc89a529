import { expect, test } from 'vitest'
import { publicPlace } from './origins.ts'
import { invitationMail } from './people-mails.ts'

const PLACE = publicPlace('https://usage.example')
const NAMES = [
  'Ada\r\nBcc: victims@example.com',
  '<script>alert(1)</script>',
  'Sign in at https://evil.example/ at once',
  'javascript:alert(1)',
  'a\u202Egpj.exe',
  '=1+1',
  'zero\u200Bwidth',
]

test.each(NAMES)('an invitation of %j has one link and says it in one line', (name) => {
  const ordinary = invitationMail('bob@example.com', 'token', from('Ada'))
  const { subject, text } = invitationMail('bob@example.com', 'token', from(name))
  expect(text.split('\n')).toHaveLength(ordinary.text.split('\n').length)
  expect(text.match(/\S*:\/\/\S*/g)?.filter((link) => link !== '://')).toEqual([
    'https://usage.example/invitation?token=token',
  ])
  expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

function from(name: string) {
  return { place: PLACE, organization: name, inviter: name }
}
