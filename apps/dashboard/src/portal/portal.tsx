import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { messageOf } from '../api/errors.ts'
import { BillPart } from './BillPart.tsx'
import { CreditsPart } from './CreditsPart.tsx'
import { createFormat } from './format.ts'
import { InvoicesPart } from './InvoicesPart.tsx'
import { PaymentPart } from './PaymentPart.tsx'
import { PlanPart } from './PlanPart.tsx'
import { PortalFrame, WholePage } from './PortalFrame.tsx'
import { answered, createPortalApi, refusalOf, type Summary } from './portal-api.ts'
import { type Portal, PortalContext } from './portal-context.tsx'
import { UsagePart } from './UsagePart.tsx'
import { useOpenedLink } from './use-opened-link.ts'
import { wordsOf } from './words.ts'

/** What the customers of an organization see: no session of the dashboard is needed, nor used. */
export function PortalPage() {
  const opened = useOpenedLink()
  const { words } = wordsOf(navigator.language)
  if (opened.state === 'opening') return <Opening label={words.opening} />
  if (opened.state === 'none') return <WholePage title={words.noLink}>{words.noLinkText}</WholePage>
  if (opened.state === 'failed')
    return <Failure error={opened.error} retry={opened.retry} language={navigator.language} />
  return <OpenedPortal key={opened.link} link={opened.link} />
}

function OpenedPortal({ link }: { readonly link: string }) {
  const api = useMemo(() => createPortalApi(link), [link])
  const [refused, setRefused] = useState<unknown>(null)
  const onRefused = useCallback((error: unknown) => {
    if (refusalOf(error)) setRefused(error)
  }, [])
  const summary = useQuery({
    queryKey: ['portal', link, 'summary'],
    queryFn: () => answered(api.GET('/api/portal/v1/summary')),
  })
  const { data } = summary
  const language = data?.language ?? navigator.language
  const error = refused ?? (data === undefined ? summary.error : null)
  if (error)
    return <Failure error={error} retry={() => void summary.refetch()} language={language} />
  if (!data) return <Opening label={wordsOf(language).words.opening} />
  return <Ready link={link} summary={data} onRefused={onRefused} />
}

function Ready({
  link,
  summary,
  onRefused,
}: Pick<Portal, 'link' | 'onRefused'> & { readonly summary: Summary }) {
  const { language, timeZone, organization } = summary
  const { lang, words } = wordsOf(language)
  const portal = useMemo<Portal>(
    () => ({
      ...{ link, summary, words, onRefused },
      api: createPortalApi(link),
      format: createFormat(language, timeZone),
    }),
    [link, summary, words, language, timeZone, onRefused],
  )
  useEffect(() => {
    document.documentElement.lang = lang
    document.title = organization.name
  }, [lang, organization.name])
  return (
    <PortalContext value={portal}>
      <PortalFrame>
        <BillPart />
        <UsagePart />
        <PlanPart />
        <InvoicesPart />
        <PaymentPart />
        <CreditsPart />
      </PortalFrame>
    </PortalContext>
  )
}

function Opening({ label }: { readonly label: string }) {
  return (
    <WholePage title={label}>
      <span aria-busy="true">
        <Skeleton height={240} component="span" display="block" aria-hidden />
      </span>
    </WholePage>
  )
}

function Failure({
  error,
  retry,
  language,
}: {
  readonly error: unknown
  readonly retry: () => void
  readonly language: string
}) {
  const { words } = wordsOf(language)
  const refusal = refusalOf(error)
  if (!refusal)
    return (
      <WholePage title={words.failed} action={{ label: words.tryAgain, run: retry }}>
        {messageOf(error)}
      </WholePage>
    )
  const { organization } = refusal
  return (
    <WholePage title={words.linkOver}>
      {organization === null ? words.askSender : words.askForNew(organization)}
    </WholePage>
  )
}
