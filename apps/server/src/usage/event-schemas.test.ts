import { expect, test } from 'vitest'
import { mustAccept } from './corpus/accept.ts'
import { trackedEvent } from './event-schemas.ts'

test('the reference forbids nothing that is taken', () => {
  for (const { what, body } of mustAccept)
    expect(trackedEvent.safeParse(JSON.parse(String(body))).error?.issues, what).toBeUndefined()
})
