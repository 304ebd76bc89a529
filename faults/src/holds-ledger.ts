import type { Arena } from './arena.ts'
import { type Finding, none } from './report.ts'

type Client = Awaited<ReturnType<Arena['database']['connect']>>

/** What is left of all grants without what is held: of one instant, since it is one statement. */
export async function leastFree(client: Client): Promise<number> {
  const { rows } = await client.query<{ free: string }>(
    `select (select coalesce(sum(amount), 0) from credit_entries)
       - (select coalesce(sum(units), 0) from credit_holds where status = 'open') as free`,
  )
  return Number(rows[0]?.free)
}

/** Compares the ledger with what clients were told, and with itself. */
export async function checkLedger(
  arena: Arena,
  { granted, used }: { readonly granted: number; readonly used: number },
): Promise<Finding[]> {
  const client = await arena.database.connect()
  const found = async (broken: string) =>
    (await client.query(broken)).rows.map((row) => JSON.stringify(row))
  const [left] = (
    await client.query<{ left: string }>('select sum(amount) as left from credit_entries')
  ).rows
  const findings = [
    {
      name: 'units left',
      said: `${Number(left?.left)} of ${granted}, ${used} were used`,
      holds: Number(left?.left) === granted - used,
      examples: [],
    },
    none('entries that do not add up, or to less than nothing', await found(UNSOUND_ENTRIES)),
    none('commits that took other than they said', await found(WRONG_COMMITS)),
    none('holds left open', await found(`select id from credit_holds where status = 'open'`)),
  ]
  await client.end()
  return findings
}

const UNSOUND_ENTRIES = `
  select * from (
    select grant_id, entry_no, left_after, sum(amount) over w as so_far, row_number() over w as place
    from credit_entries window w as (partition by grant_id order by entry_no)) e
  where left_after <> so_far or so_far < 0 or place <> entry_no`

const WRONG_COMMITS = `
  select h.id, h.status, h.used, coalesce(sum(e.amount), 0) as taken
  from credit_holds h left join credit_entries e on e.env_id = h.env_id and e.hold_id = h.id
  group by h.env_id, h.id, h.status, h.used having coalesce(sum(e.amount), 0) <> -coalesce(h.used, 0)`
