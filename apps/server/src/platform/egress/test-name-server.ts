import { createSocket } from 'node:dgram'
import ipaddr from 'ipaddr.js'

export type NameRecord = {
  readonly addresses?: readonly string[]
  /** Another name, whose addresses are given along, as a resolver does. */
  readonly alias?: string
}

export type NameServer = {
  /** For `createResolver`. */
  readonly address: string
  asked(): number
  close(): Promise<void>
}

const TYPE_A = 1
const TYPE_CNAME = 5
const TYPE_AAAA = 28
const NAME_OF_QUESTION = Buffer.from([0xc0, 12])

/** A name server on loopback whose answers live for 0 seconds. Undefined: no such name; null: silence. */
export async function startNameServer(
  recordOf: (name: string, asked: number) => NameRecord | undefined | null,
): Promise<NameServer> {
  const socket = createSocket('udp4')
  let asked = 0
  socket.on('message', (query, from) => {
    const { name, type, end } = question(query)
    const record = recordOf(name, asked)
    asked += 1
    if (record === null) return
    socket.send(answer(query.subarray(0, end), type, record), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: () => asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function answer(query: Buffer, type: number, record: NameRecord | undefined): Buffer {
  const { addresses = [], alias } = record ?? {}
  const family = type === TYPE_A ? 4 : 16
  const rows = addresses
    .map((address) => Buffer.from(ipaddr.parse(address).toByteArray()))
    .filter((bytes) => bytes.length === family && (type === TYPE_A || type === TYPE_AAAA))
    .map((bytes) => row(alias ? encodedName(alias) : NAME_OF_QUESTION, type, bytes))
  if (alias) rows.unshift(row(NAME_OF_QUESTION, TYPE_CNAME, encodedName(alias)))
  const head = Buffer.from(query)
  head.writeUInt16BE(record ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(rows.length, 6)
  head.writeUInt16BE(0, 10) // no additional records
  return Buffer.concat([head, ...rows])
}

function row(name: Buffer, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([name, fixed, data])
}

function encodedName(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    return Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')])
  })
  return Buffer.concat([...labels, Buffer.of(0)])
}
