import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

type Certificate = { readonly key: Buffer; readonly cert: Buffer }

/** Two certificates for 127.0.0.1, of which clients trust one. */
export type Tls = {
  readonly trusted: Certificate
  readonly untrusted: Certificate
  /** What makes Node, Python and Go trust it. */
  readonly env: Readonly<Record<string, string>>
}

/** Makes them in `folder`. Needs `openssl`. */
export function makeTls(folder: string): Tls {
  mkdirSync(folder, { recursive: true })
  const trusted = make(folder, 'trusted')
  const file = path.join(folder, 'trusted.pem')
  return {
    trusted,
    untrusted: make(folder, 'untrusted'),
    env: { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file },
  }
}

function make(folder: string, name: string): Certificate {
  const [key, cert] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)]
  const kind = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`]
  const where = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', ...kind, ...where], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}
