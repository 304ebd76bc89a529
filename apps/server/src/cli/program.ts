import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Role } from '../app.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { NotDurable } from '../platform/db/durability.ts'
import { EmbeddedPostgresError } from '../platform/db/embedded-postgres/embedded-postgres-error.ts'
import { SchemaTooNew } from '../platform/db/migrate.ts'
import { Failure } from '../platform/errors.ts'
import { SCOPES } from '../platform/http/caller.ts'
import { verifyAudit } from './audit.ts'
import { runDemo } from './demo/demo.ts'
import { newFirstOwnerToken } from './first-owner.ts'
import { ImportStopped } from './import/import-file.ts'
import { FORMATS } from './import/read-file.ts'
import { runImport } from './import/run-import.ts'
import { CatalogNotImported } from './import-catalog/catalog-not-imported.ts'
import { importCatalog } from './import-catalog/import-catalog.ts'
import { PRODUCTS } from './import-catalog/read-source.ts'
import { createKey, listKeys, revokeKey, rotateKey } from './keys.ts'
import { createOrg, listOrgs, setUnknownMeters } from './organizations.ts'
import { recountUsage } from './recount.ts'
import { resealAll, SecretsLost } from './reseal.ts'
import { migrateOnly, serve } from './serve.ts'
import { allowSignOnDomain, forbidSignOnDomain } from './sign-on.ts'
import { NotVerified, verifyInvoice } from './verify.ts'

const VERSION = '0.1.0'

/** Runs the command line. Resolves to the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    await commandLine().parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode // it has said what was wrong
    process.stderr.write(`usageflow: ${explain(error)}\n`)
    return 1
  }
}

/** What a person can act on is said in a sentence; anything else is a bug and keeps its stack. */
function explain(error: unknown): string {
  const isExpected = [
    ConfigError,
    Failure,
    EmbeddedPostgresError,
    SchemaTooNew,
    NotDurable,
    ImportStopped,
    CatalogNotImported,
    NotVerified,
    SecretsLost,
  ].some((known) => error instanceof known)
  if (isExpected) return (error as Error).message
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE')
    return `the port is taken: choose another with --port (${(error as Error).message})`
  if (code === 'ECONNREFUSED') return `nobody answers there: ${(error as Error).message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function commandLine(): Command {
  const program = new Command('usageflow')
    .description('Meter, control and bill what customers use.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(usageflow --help lists the commands)')
  serveCommands(program)
  organizationCommands(program)
  keyCommands(program)
  importCommand(program)
  importCatalogCommand(program)
  verifyCommand(program)
  peopleCommands(program)
  signOnCommands(program)
  recountCommand(program)
  resealCommand(program)
  demoCommand(program)
  return program
}

function serveCommands(program: Command): void {
  const start = (name: string, role: Role, description: string) =>
    withSettings(program.command(name, { isDefault: role === 'all' }).description(description))
      .addOption(new Option('--port <port>', 'port of the API (USAGEFLOW_PORT)'))
      .addOption(new Option('--host <host>', 'address to listen on (USAGEFLOW_HOST)'))
      .addOption(
        new Option('--metrics-port <port>', 'port of /metrics, or off (USAGEFLOW_METRICS_PORT)'),
      )
      .action((flags: Flags) => serve(configOf(flags), role))
  start('start', 'all', 'run the API and the worker in one process (the default)')
  start('api', 'api', 'run the API alone')
  start('worker', 'worker', 'run the worker alone')
  withSettings(
    program.command('migrate').description('bring the database up to date and end'),
  ).action((flags: Flags) => migrateOnly(configOf(flags)))
}

function organizationCommands(program: Command): void {
  const org = program.command('org').description('make and list organizations')
  withSettings(
    org
      .command('create <name>')
      .description('make an organization with a live and a test environment'),
  )
    .option('--test-clock <instant>', 'the time at which the test environment starts', instant)
    .option('--owner <email>', 'the address of the account that becomes its OWNER')
    .option('--json', 'answer in JSON')
    .action((name: string, flags: Flags & { testClock?: Date; owner?: string }) =>
      createOrg(configOf(flags), name, flags),
    )
  withSettings(org.command('list').description('list the organizations'))
    .option('--json', 'answer in JSON')
    .action((flags: Flags) => listOrgs(configOf(flags), flags))
  withSettings(
    org
      .command('unknown-meters <org> <mode> <choice>')
      .description('store or refuse events that no meter reads'),
  ).action((name: string, mode: string, choice: string, flags: Flags) =>
    setUnknownMeters(configOf(flags), { name, mode, choice }),
  )
}

function keyCommands(program: Command): void {
  const key = program.command('key').description('make, list, rotate and revoke API keys')
  withSettings(key.command('create <org>').description('make a key; it is shown once'))
    .addOption(
      new Option('--mode <mode>', 'its environment').choices(['live', 'test']).default('live'),
    )
    .option('--name <name>', 'what it is for', 'key')
    .option('--scopes <list>', `comma-separated, of: ${SCOPES.join(', ')}`, SCOPES.join(','))
    .option('--json', 'answer in JSON')
    .action((org: string, flags: Flags & { mode: string; name: string; scopes: string }) =>
      createKey(configOf(flags), org, flags),
    )
  withSettings(key.command('list <org>').description('list the keys of an organization'))
    .option('--json', 'answer in JSON')
    .action((org: string, flags: Flags) => listKeys(configOf(flags), org, flags))
  withSettings(
    key
      .command('rotate <org> <keyId>')
      .description('make a successor; the old key works a while longer'),
  )
    .option('--grace <hours>', 'hours that the old key stays valid', hours, 24)
    .option('--json', 'answer in JSON')
    .action((org: string, keyId: string, flags: Flags & { grace: number }) =>
      rotateKey(configOf(flags), { org, keyId }, flags),
    )
  withSettings(
    key.command('revoke <org> <keyId>').description('end a key, everywhere within a second'),
  )
    .option('--json', 'answer in JSON')
    .action((org: string, keyId: string, flags: Flags) =>
      revokeKey(configOf(flags), { org, keyId }, flags),
    )
}

function importCommand(program: Command): void {
  program
    .command('import <file>')
    .description('send a file of usage to a running server; the same file twice changes nothing')
    .addOption(
      new Option('--format <format>', 'how to read it').choices([...FORMATS]).makeOptionMandatory(),
    )
    .addOption(new Option('--url <url>', 'the server').default('http://127.0.0.1:4400'))
    .addOption(
      new Option('--key <key>', 'an API key with usage:write')
        .env('USAGEFLOW_API_KEY')
        .makeOptionMandatory(),
    )
    .option('--map <field=column>', 'take a field of the event from a column', pairs, {})
    .option('--set <field=value>', 'give a field of the event one value on every line', pairs, {})
    .option(
      '--metadata <columns>',
      'comma-separated columns that become metadata',
      (text: string) => text.split(','),
      [],
    )
    .option(
      '--key-prefix <text>',
      'begins the idempotency key of every line (default: the name of the file)',
    )
    .option('--refused <file>', 'where to write the refused lines (default: FILE.refused)')
    .option('--json', 'answer in JSON')
    .action(runImport)
}

function importCatalogCommand(program: Command): void {
  program
    .command('import-catalog')
    .description('take meters and plans of another product over; twice makes nothing twice')
    .addArgument(new Argument('<product>', 'where they are').choices([...PRODUCTS]))
    .addOption(new Option('--url <url>', 'the server').default('http://127.0.0.1:4400'))
    .addOption(
      new Option('--key <key>', 'an API key with catalog:read and catalog:write')
        .env('USAGEFLOW_API_KEY')
        .makeOptionMandatory(),
    )
    .option('--file <file>', 'an export of the product, as JSON')
    .addOption(new Option('--from-key <key>', 'a key of the product'))
    .option('--from-url <url>', 'where the API of the product answers (default: its own place)')
    .option('--dry-run', 'make nothing, and say what would be made')
    .option('--json', 'answer in JSON')
    .action(importCatalog)
}

function verifyCommand(program: Command): void {
  program
    .command('verify <invoice>')
    .description('compute a final invoice again from its events; ends with 1 if anything differs')
    .addOption(new Option('--url <url>', 'the server').default('http://127.0.0.1:4400'))
    .addOption(
      new Option('--key <key>', 'an API key with billing:read')
        .env('USAGEFLOW_API_KEY')
        .makeOptionMandatory(),
    )
    .option('--json', 'answer in JSON')
    .action(verifyInvoice)
}

function peopleCommands(program: Command): void {
  const audit = program.command('audit').description('the log of changes')
  withSettings(
    audit
      .command('verify <org>')
      .description('compute the seals of the log again; ends with 1 if anything was changed'),
  )
    .option('--json', 'answer in JSON')
    .action((org: string, flags: Flags) => verifyAudit(configOf(flags), org, flags))
  withSettings(
    program
      .command('first-owner')
      .description('make another token for the first account, while there is none'),
  ).action((flags: Flags) => newFirstOwnerToken(configOf(flags)))
}

function signOnCommands(program: Command): void {
  const signOn = program.command('sign-on').description('who may sign on through which issuer')
  withSettings(
    signOn
      .command('allow-domain <org> <domain>')
      .description('let the issuer of an organization speak for e-mail addresses of a domain'),
  )
    .option('--json', 'answer in JSON')
    .action((org: string, domain: string, flags: Flags) =>
      allowSignOnDomain(configOf(flags), { org, domain }, flags),
    )
  withSettings(
    signOn.command('forbid-domain <org> <domain>').description('take that back, at once'),
  )
    .option('--json', 'answer in JSON')
    .action((org: string, domain: string, flags: Flags) =>
      forbidSignOnDomain(configOf(flags), { org, domain }, flags),
    )
}

function recountCommand(program: Command): void {
  withSettings(
    program
      .command('recount <org> <meter>')
      .description('count the usage of a customer anew from its events, where its sums are wrong'),
  )
    .requiredOption('--customer <id>', 'whose usage')
    .requiredOption('--from <instant>', 'the first hour, like 2026-03-01T00:00:00Z', instant)
    .requiredOption('--to <instant>', 'where to stop', instant)
    .addOption(
      new Option('--mode <mode>', 'its environment').choices(['live', 'test']).default('live'),
    )
    .option('--json', 'answer in JSON')
    .action((org: string, meter: string, flags: Flags & RecountFlags) =>
      recountUsage(configOf(flags), { ...flags, org, meter }, flags),
    )
}

function resealCommand(program: Command): void {
  withSettings(
    program
      .command('reseal')
      .description('seal secrets under the first encryption key that are under another'),
  )
    .option('--json', 'answer in JSON')
    .action((flags: Flags & { json?: boolean }) => resealAll(configOf(flags), flags))
}

type RecountFlags = { customer: string; from: Date; to: Date; mode: string }

function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('live through the Getting Started story and keep the server running')
    .option('--once', 'in a throw-away folder, and end')
    .option('--port <port>', 'port of the API', '4400')
    .action((flags: { once?: boolean; port: string }) =>
      runDemo({ isOnce: flags.once === true, port: Number(flags.port) }),
    )
}

type Flags = {
  readonly port?: string
  readonly host?: string
  readonly metricsPort?: string
  readonly data?: string
  readonly database?: string
  readonly json?: boolean
}

function withSettings(command: Command): Command {
  return command
    .option(
      '--data <folder>',
      'data folder of the embedded PostgreSQL (USAGEFLOW_DATA, default .usageflow)',
    )
    .option('--database <url>', 'use this PostgreSQL instead (DATABASE_URL)')
}

function configOf(flags: Flags): Config {
  return readConfig({
    USAGEFLOW_DATA: flags.data,
    DATABASE_URL: flags.database,
    USAGEFLOW_PORT: flags.port,
    USAGEFLOW_HOST: flags.host,
    USAGEFLOW_METRICS_PORT: flags.metricsPort,
  })
}

function instant(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Give an instant like 2026-03-01T00:00:00Z.')
  return date
}

function hours(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Give whole hours, like 24.')
  return Number(text)
}

function pairs(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give it as field=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
