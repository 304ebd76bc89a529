// A program that uses the package, as a process of its own: `host.ts WHAT-BECOMES-OF-IT`
import { UsageFlow } from '../src/index.ts'

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
for (let amount = 1; amount <= 30; amount += 1)
  client.track({ name: 'API_CALL', customerId: 'user_123', amount })

switch (process.argv[2]) {
  case 'ends': // when nothing holds it any more
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
