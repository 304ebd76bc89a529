import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Contact } from './contact.ts'
import {
  type BillingDetails,
  type Customer,
  type ParentLink,
  type Profile,
  ROOT,
} from './customer.ts'

export type SeenCustomer = { readonly envId: number; readonly customer: string }

/** Those of `seen` that are no customers yet; a concurrent transaction may be making them. */
export async function selectUnseen(tx: Tx, seen: readonly SeenCustomer[]): Promise<SeenCustomer[]> {
  const { rows } = await sql<SeenCustomer>`
    select distinct s.env_id as "envId", s.customer
    from unnest(${seen.map(({ envId }) => envId)}::int[], ${seen.map(({ customer }) => customer)}::text[])
      as s (env_id, customer)
    where not exists (
      select from customers c where c.env_id = s.env_id and c.customer = s.customer)
    order by 1, 2`.execute(tx)
  return rows
}

/** Inserts customers that may have been made meanwhile; returns the names of those that are new. */
export async function insertCustomers(
  tx: Tx,
  customers: readonly (SeenCustomer & { id: string; name: string })[],
  createdAt: Date,
): Promise<string[]> {
  const column = <K extends 'envId' | 'customer' | 'id' | 'name'>(key: K) =>
    customers.map((row) => row[key])
  const { rows } = await sql<{ customer: string }>`
    insert into customers (env_id, customer, id, name, created_at)
    select *, ${createdAt}::timestamptz from unnest(
      ${column('envId')}::int[], ${column('customer')}::text[], ${column('id')}::text[], ${column('name')}::text[])
    on conflict on constraint customers_pkey do nothing
    returning customer`.execute(tx)
  return rows.map((row) => row.customer)
}

export async function updateProfile(
  tx: Tx,
  envId: number,
  customer: string,
  profile: Profile,
): Promise<void> {
  const { name, email, address, language } = profile
  await tx
    .updateTable('customers')
    .set({
      ...{ name, email, language },
      address: address.length === 0 ? null : address.join('\n'),
      tax_number: profile.taxNumber,
      tax_rate_id: profile.taxRateId,
      is_tax_exempt: profile.isTaxExempt,
      net_days: profile.netDays,
    })
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .execute()
}

export async function selectCustomer(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<Customer | undefined> {
  const row = await customers(tx, envId).where('c.customer', '=', customer).executeTakeFirst()
  return row && fromRow(row)
}

/** What customers are looked for by; capitals of the English alphabet count as small letters. */
export type CustomerTraits = {
  readonly email?: string | undefined
  /** A part of the name. */
  readonly namePart?: string | undefined
  readonly createdFrom?: Date | undefined
  /** The last instant that counts. */
  readonly createdTo?: Date | undefined
}

function conditionsOf({ email, namePart, createdFrom, createdTo }: CustomerTraits) {
  const conditions = [
    email !== undefined && sql<boolean>`lower(c.email) = lower(${email})`,
    namePart !== undefined && sql<boolean>`strpos(lower(c.name), lower(${namePart})) > 0`,
    createdFrom && sql<boolean>`c.created_at >= ${createdFrom}`,
    createdTo && sql<boolean>`c.created_at <= ${createdTo}`,
  ]
  return conditions.filter((one) => typeof one === 'object')
}

/** Up to `limit` customers in the order of their names, those after `after`. */
export async function selectCustomers(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly after: string | null
    /** How many to leave out; none unless given. */
    readonly offset?: number
    /** Leaves out the organization's own account. */
    readonly withoutRoot?: true
    readonly parent: string | null
    /** A part of the id or of the name; capitals of the English alphabet count as small letters. */
    readonly search: string | null
    /** Null: not only certain ones. */
    readonly only: readonly string[] | null
    readonly traits?: CustomerTraits
  },
): Promise<Customer[]> {
  let query = customers(tx, envId)
  for (const trait of conditionsOf(page.traits ?? {})) query = query.where(trait)
  if (page.only !== null)
    query = query.where('c.customer', '=', sql<string>`any(${page.only}::text[])`)
  if (page.search !== null) {
    const part = page.search
    query = query.where(
      sql<boolean>`strpos(lower(c.name), lower(${part})) + strpos(lower(c.customer), lower(${part})) > 0`,
    )
  }
  if (page.after !== null) query = query.where('c.customer', '>', page.after)
  if (page.withoutRoot) query = query.where('c.customer', '<>', ROOT)
  if (page.parent !== null) query = query.where('p.parent', '=', page.parent)
  const rows = await query
    .orderBy('c.customer')
    .limit(page.limit)
    .offset(page.offset ?? 0)
    .execute()
  return rows.map(fromRow)
}

export async function selectBillingDetails(
  tx: Tx,
  envId: number,
  names: readonly string[],
): Promise<Map<string, BillingDetails>> {
  const rows = await tx
    .selectFrom('customers')
    .where('env_id', '=', envId)
    .where('customer', '=', sql<string>`any(${names}::text[])`)
    .select(['customer', 'tax_rate_id', 'is_tax_exempt', 'net_days'])
    .execute()
  return new Map(
    rows.map((row) => [
      row.customer,
      { taxRateId: row.tax_rate_id, isTaxExempt: row.is_tax_exempt, netDays: row.net_days },
    ]),
  )
}

/** Makes whoever else asks for this customer's row wait until we have committed. False: no such customer. */
export async function lockCustomerRow(tx: Tx, envId: number, customer: string): Promise<boolean> {
  const row = await tx
    .selectFrom('customers')
    .select('customer')
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** The customer itself and all who stand above it now, nearest first; the root is not named. */
export async function selectChain(tx: Tx, envId: number, customer: string): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    with recursive chain (customer, depth) as (
      select ${customer}::text, 0
      union all
      select p.parent, chain.depth + 1 from chain
      join customer_parents p on p.env_id = ${envId} and p.customer = chain.customer and p.until is null
    ) select customer from chain order by depth`.execute(tx)
  return rows.map((row) => row.customer)
}

/** The links that end the latest, of one customer. */
export async function selectLastLink(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<ParentLink | undefined> {
  return tx
    .selectFrom('customer_parents')
    .select(['customer', 'parent', 'since', 'until'])
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .orderBy('since', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Ends the present link at `until`; one that has only just begun never was. */
export async function endLink(tx: Tx, envId: number, customer: string, until: Date): Promise<void> {
  const current = sql`env_id = ${envId} and customer = ${customer} and until is null`
  await sql`delete from customer_parents where ${current} and since >= ${until}`.execute(tx)
  await sql`update customer_parents set until = ${until} where ${current}`.execute(tx)
}

export async function insertLink(
  tx: Tx,
  envId: number,
  link: Omit<ParentLink, 'until'>,
): Promise<void> {
  await tx
    .insertInto('customer_parents')
    .values({ env_id: envId, ...link })
    .execute()
}

/**
 * The links by which anybody stood beneath one of `tops`, directly or through others, at some time of
 * `[from, to)`. The root stands above everybody: for it, all links of that time.
 */
export async function selectLinksBeneath(
  tx: Tx,
  envId: number,
  beneath: { readonly tops: readonly string[]; readonly from: Date; readonly to: Date },
): Promise<ParentLink[]> {
  const isThen = sql`p.env_id = ${envId} and p.since < ${beneath.to} and (p.until is null or p.until > ${beneath.from})`
  const { rows } = await sql<ParentLink>`
    with recursive below (customer) as (
      select unnest(${beneath.tops}::text[])
      union
      select p.customer from below join customer_parents p on p.parent = below.customer
      where ${isThen}
    )
    select p.customer, p.parent, p.since, p.until from customer_parents p
    where ${isThen} and (${beneath.tops.includes(ROOT)} or p.parent in (select customer from below))
    order by p.customer, p.since`.execute(tx)
  return rows
}

/** All who stood above a customer, directly or through others, at some time since `from`. */
export async function selectAbove(
  tx: Tx,
  envId: number,
  customer: string,
  from: Date,
): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    with recursive above (customer) as (
      select ${customer}::text
      union
      select p.parent from above join customer_parents p on p.customer = above.customer
      where p.env_id = ${envId} and (p.until is null or p.until > ${from})
    ) select customer from above where customer <> ${customer}`.execute(tx)
  return rows.map((row) => row.customer)
}

function customers(tx: Tx, envId: number) {
  return tx
    .selectFrom('customers as c')
    .leftJoin('customer_parents as p', (join) =>
      join
        .onRef('p.env_id', '=', 'c.env_id')
        .onRef('p.customer', '=', 'c.customer')
        .on('p.until', 'is', null),
    )
    .where('c.env_id', '=', envId)
    .select([
      'c.id',
      'c.customer',
      'c.name',
      'p.parent',
      'c.email',
      'c.address',
      'c.tax_number',
      'c.language',
      'c.tax_rate_id',
      'c.is_tax_exempt',
      'c.net_days',
      'c.created_at',
    ])
}

function fromRow(row: {
  id: string
  customer: string
  name: string
  parent: string | null
  email: string | null
  address: string | null
  tax_number: string | null
  language: string | null
  tax_rate_id: string | null
  is_tax_exempt: boolean
  net_days: number | null
  created_at: Date
}): Customer {
  const { id, customer, name, parent, email, language } = row
  return {
    ...{ id, customer, name, parent, email, language },
    address: linesOf(row.address),
    taxNumber: row.tax_number,
    taxRateId: row.tax_rate_id,
    isTaxExempt: row.is_tax_exempt,
    netDays: row.net_days,
    createdAt: row.created_at,
  }
}

function linesOf(address: string | null): string[] {
  return address === null ? [] : address.split('\n')
}

export async function selectContact(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<Contact | undefined> {
  const row = await tx
    .selectFrom('customers')
    .select(['customer', 'name', 'email', 'address', 'tax_number', 'language'])
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .executeTakeFirst()
  if (!row) return undefined
  const { tax_number: taxNumber, address, ...contact } = row
  return { ...contact, address: linesOf(address), taxNumber }
}
