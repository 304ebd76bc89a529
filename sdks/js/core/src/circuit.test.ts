import { describe, expect, test } from 'vitest'
import { backoffMs, Circuit } from './circuit.ts'

describe('the circuit', () => {
  test('waits twice as long after each failure, up to 30 s, at random within half of that', () => {
    const longest = [1, 2, 3, 6, 7, 50].map((failures) => backoffMs(failures, 1))
    expect(longest).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000])
    expect(backoffMs(1, 0)).toBe(250)
  })

  test('opens after five failures running, probes when the wait is over, and one success closes it', () => {
    const circuit = new Circuit(() => 1)
    for (let failures = 1; failures <= 4; failures += 1) circuit.failed(0, 0)
    expect(circuit.state(0)).toBe('closed')
    circuit.failed(0, 0)
    expect([circuit.state(0), circuit.waitMs(0)]).toEqual(['open', 8_000])
    expect([circuit.state(8_000), circuit.waitMs(8_000)]).toEqual(['half_open', 0])
    circuit.failed(8_000, 0)
    expect(circuit.state(8_000)).toBe('open')
    circuit.succeeded()
    expect([circuit.state(8_000), circuit.waitMs(8_000)]).toEqual(['closed', 0])
  })

  test('waits at least as long as the server asked, but comes back after an hour', () => {
    const circuit = new Circuit(() => 0)
    circuit.failed(0, 7_000)
    expect([circuit.waitMs(0), circuit.askedWaitMs(1_000)]).toEqual([7_000, 6_000])
    circuit.failed(0, 86_400_000)
    expect(circuit.waitMs(0)).toBe(3_600_000)
  })
})
