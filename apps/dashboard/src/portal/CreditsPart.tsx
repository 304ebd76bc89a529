import { Button, Modal, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../api/errors.ts'
import { Empty, Part } from './Part.tsx'
import classes from './portal.module.css'
import { answered, type Credit } from './portal-api.ts'
import { type Portal, usePart, usePortal } from './portal-context.tsx'

type Amount = { readonly units?: string; readonly amountMinor?: string }
type Asset = Pick<Credit, 'meter' | 'unit' | 'currency'>

/** An amount of such a credit: units of something, or money. */
function textOf({ format }: Portal, { unit, currency }: Asset, amount: Amount): string {
  if (amount.amountMinor !== undefined && currency)
    return format.money(amount.amountMinor, currency)
  return [format.quantity(amount.units ?? '0'), unit].filter(Boolean).join(' ')
}

/** What usage will take of it is said only where there is some. */
function leftText(portal: Portal, one: Asset & Record<'left' | 'available', Amount>): string {
  const { words } = portal
  const [left, available] = [textOf(portal, one, one.left), textOf(portal, one, one.available)]
  return left === available ? words.creditsLeft : `${words.creditsLeft} · ${words.creditsOf(left)}`
}

/** What was granted, and what is left of it. */
export function CreditsPart() {
  const portal = usePortal()
  const { words } = portal
  const credits = usePart(['credits'], async (api) => ({
    balance: await answered(api.GET('/api/portal/v1/credit-balance')),
    grants: await answered(api.GET('/api/portal/v1/credits')),
  }))
  return (
    <Part title={words.credits} query={credits} height={160}>
      {({ balance, grants }) =>
        grants.data.length === 0 ? (
          <Empty>{words.creditsEmpty}</Empty>
        ) : (
          <>
            <div className={classes.cards}>
              {balance.data.map((one) => (
                <article key={`${one.meter} ${one.currency}`} className={classes.card}>
                  <h3 className={classes.name}>{one.meter ?? words.money}</h3>
                  <p className={classes.figure}>{textOf(portal, one, one.available)}</p>
                  <p className={classes.hint}>{leftText(portal, one)}</p>
                </article>
              ))}
            </div>
            <GrantTable grants={grants.data} />
          </>
        )
      }
    </Part>
  )
}

function GrantTable({ grants }: { readonly grants: readonly Credit[] }) {
  const portal = usePortal()
  const { words, format } = portal
  const [shown, setShown] = useState<Credit | null>(null)
  const nameOf = (credit: Credit) => credit.name || credit.meter || words.money
  return (
    <>
      <table className={classes.table} aria-label={words.credits}>
        <thead>
          <tr>
            <th scope="col">{words.description}</th>
            <th scope="col" className={classes.wide}>
              {words.validTo}
            </th>
            <th scope="col" className={`${classes.right} ${classes.wide}`}>
              {words.granted}
            </th>
            <th scope="col" className={classes.right}>
              {words.left}
            </th>
            <th scope="col">
              <span className={classes.unseen}>{words.history}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {grants.map((credit) => (
            <tr key={credit.id}>
              <td>{nameOf(credit)}</td>
              <td className={classes.wide}>
                {credit.validTo ? format.day(credit.validTo) : words.noEnd}
              </td>
              <td className={`${classes.right} ${classes.wide}`}>
                {textOf(portal, credit, credit.granted)}
              </td>
              <td className={classes.right}>{textOf(portal, credit, credit.left)}</td>
              <td className={classes.right}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.historyOf(nameOf(credit))}
                  onClick={() => setShown(credit)}
                >
                  {words.history}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        title={shown && words.historyOf(nameOf(shown))}
        closeButtonProps={{ 'aria-label': words.close }}
        size="lg"
      >
        {shown && <Ledger credit={shown} />}
      </Modal>
    </>
  )
}

function Ledger({ credit }: { readonly credit: Credit }) {
  const portal = usePortal()
  const { words, format } = portal
  const { data, error } = usePart(['credit', credit.id], (api) =>
    answered(
      api.GET('/api/portal/v1/credits/{creditId}/entries', {
        params: { path: { creditId: credit.id } },
      }),
    ),
  )
  if (error) return <Text role="alert">{messageOf(error)}</Text>
  if (!data) return <Skeleton height={120} aria-hidden />
  return (
    <table className={classes.table} aria-label={words.history}>
      <thead>
        <tr>
          <th scope="col">{words.date}</th>
          <th scope="col">{words.description}</th>
          <th scope="col" className={classes.right}>
            {words.amount}
          </th>
          <th scope="col" className={classes.right}>
            {words.left}
          </th>
        </tr>
      </thead>
      <tbody>
        {data.data.map((entry, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
          <tr key={at}>
            <td>{format.day(entry.at)}</td>
            <td>{words.entries[entry.kind] ?? entry.kind}</td>
            <td className={classes.right}>{textOf(portal, credit, entry.amount)}</td>
            <td className={classes.right}>{textOf(portal, credit, entry.left)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
