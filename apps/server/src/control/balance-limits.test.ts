import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter } from '../catalog/test-plans.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY } from '../platform/http/test-app.ts'
import { aPolicy, type ControlApp, controlApp } from './test-control.ts'

const LEFT = { name: 'left', algorithm: 'balance' }
const READ = {
  ...{ ...LEFT, meter: 'API_CALL', unitsPerRequest: 1, planPays: true, per: 'identity' },
}

let app: ControlApp
let meterId: string

beforeEach(async () => {
  app = await controlApp()
  meterId = await inOwnTransaction((tx) => aMeter(tx, app.envId))
})

const made = (limit: object) => app.good('POST', '/policies', aPolicy({ limits: [limit] }))
const refused = (limit: object) => app.refused('POST', '/policies', aPolicy({ limits: [limit] }))

describe('a balance as a limit', () => {
  test('is read by the key of its meter, however that was named, and sent to SDKs', async () => {
    const { limits } = await made({ ...LEFT, meter: meterId })
    expect(limits).toEqual([READ])
    const config = await app.good('GET', '/config?application=shop')
    expect(config.policies[0].limits).toEqual([READ])
    const more = { ...LEFT, meter: 'API_CALL', unitsPerRequest: 5, planPays: false }
    const changed = await app.good('PATCH', '/policies/all', { limits: [more] })
    expect(changed.limits).toEqual([{ ...READ, unitsPerRequest: 5, planPays: false }])
    expect((await app.good('PATCH', '/policies/all', { priority: 1 })).limits).toEqual(
      changed.limits,
    )
  })

  test('must be of a meter that there is, and its field is told', async () => {
    const text = 'policy.meter_unknown Correct the limit "left": no meter has the id or key "NONE".'
    expect(await refused({ ...LEFT, meter: 'NONE' })).toBe(text)
    const body = aPolicy({
      limits: [
        { name: 'a', limit: 1, window: '1s' },
        { ...LEFT, meter: 'x' },
      ],
    })
    const { json } = await app.send('POST', '/api/v1/control/policies', { headers: KEY, body })
    expect(JSON.stringify(json.error.details)).toContain('/limits/1/meter')
  })

  test.each([
    [{}, 'give the meter'],
    [{ meter: 'API_CALL', limit: 5 }, 'leave out limit'],
    [{ meter: 'API_CALL', window: '1h' }, 'leave out window'],
    [{ meter: 'API_CALL', period: 'day' }, 'leave out period'],
    [{ meter: 'API_CALL', per: 'all' }, 'not of all together'],
    [{ meter: 'API_CALL', unitsPerRequest: 0 }, 'from 1 to 1000000, not 0'],
    [{ meter: 'API_CALL', unitsPerRequest: 1.5 }, 'from 1 to 1000000, not 1.5'],
    [{ algorithm: 'fixed_window', meter: 'API_CALL', limit: 1, window: '1s' }, 'leave out meter'],
    [{ algorithm: 'fixed_window', window: '1s' }, 'give the limit'],
  ])('%j is refused with what to change: %s', async (fields, what) => {
    const said = await refused({ ...LEFT, ...fields })
    expect(said).toContain('policy.limit_impossible')
    expect(said).toContain(what)
  })
})
