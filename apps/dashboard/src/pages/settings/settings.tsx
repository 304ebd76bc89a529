import { useEnvironment } from '../../api/environment.tsx'
import { RecordTabs, type Tab } from '../../components/RecordPage.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { BillingSettings } from './BillingSettings.tsx'
import { CollectionSettings } from './CollectionSettings.tsx'
import { OrganizationSettings } from './OrganizationSettings.tsx'
import { PortalSettings } from './PortalSettings.tsx'
import { SignOnSettings } from './SignOnSettings.tsx'
import { StripeSettings } from './StripeSettings.tsx'
import { TaxRates } from './TaxRates.tsx'
import { TestClock } from './TestClock.tsx'

export function SettingsPage() {
  const { mode } = useEnvironment()
  const clock: Tab = { id: 'clock', label: 'Clock', content: <TestClock /> }
  const others: readonly Tab[] = [
    { id: 'documents', label: 'Invoices', content: <BillingSettings /> },
    { id: 'tax', label: 'Tax', content: <TaxRates /> },
    { id: 'collection', label: 'Collection', content: <CollectionSettings /> },
    { id: 'stripe', label: 'Stripe', content: <StripeSettings /> },
    { id: 'portal', label: 'Portal', content: <PortalSettings /> },
    { id: 'organization', label: 'Organization', content: <OrganizationSettings /> },
    { id: 'sign-on', label: 'Sign-on', content: <SignOnSettings /> },
  ]
  return (
    <>
      <PageHeader
        title="Settings"
        sentence={`Of the ${mode} environment. Organization and sign-on are those of both.`}
      />
      <RecordTabs tabs={mode === 'test' ? [clock, ...others] : others} />
    </>
  )
}
