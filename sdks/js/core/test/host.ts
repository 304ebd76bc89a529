// A program that uses the package, as a process of its own: `host.ts WHAT-BECOMES-OF-IT`
import { Agent, UsageFlow } from '../src/index.ts'

const { SPOOL } = process.env
let tell = () => {}
const failed = new Promise<void>((resolve) => {
  tell = resolve
})
const client = new UsageFlow({
  timeoutMs: 60_000,
  onError: () => tell(),
  ...(SPOOL ? { spool: { folder: SPOOL, fsync: true } } : {}),
})
for (let amount = 1; amount <= 30 && process.argv[2] !== 'decides'; amount += 1)
  client.track({ name: 'API_CALL', customerId: 'user_123', amount })

switch (process.argv[2]) {
  case 'ends': // when nothing holds it any more
    break
  case 'decides': // and ends when nothing holds it any more
    await decide()
    break
  case 'is killed':
    process.kill(process.pid, 'SIGKILL')
    break
  case 'is killed after a try':
    void client.flush(60_000)
    await failed
    process.kill(process.pid, 'SIGKILL')
    break
  default:
    throw new Error('what is to become of this program?')
}

/** As a framework does with one request. */
async function decide(): Promise<void> {
  const connection = setInterval(() => {}, 1_000) // of the client, which holds a process
  const headers = { 'x-user-id': 'ann' }
  const guard = new Agent({ application: 'shop', onError: () => {} }).guard([
    { method: '*', url: '*' },
  ])
  const begun = await guard.begin({ method: 'GET', target: '/', headers })
  begun?.end({ status: 200, route: '/', headers: {}, requestBytes: 0, responseBytes: 0 })
  clearInterval(connection)
}
