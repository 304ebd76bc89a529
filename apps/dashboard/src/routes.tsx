import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { type Session, sessionQuery } from './api/session.ts'
import { EnvironmentLayout } from './components/EnvironmentLayout.tsx'
import { LostPage, ThrownPage, WaitingPage } from './components/whole-pages.tsx'
import { pendingInvitation } from './pages/account/pending-invitation.ts'
import { pathsOf, publicPaths } from './paths.ts'

type RouterContext = { readonly queries: QueryClient }

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: LostPage,
  errorComponent: ThrownPage,
})

async function signedIn({
  context,
  location,
}: {
  context: RouterContext
  location: { href: string }
}): Promise<Session> {
  const session = await context.queries.ensureQueryData(sessionQuery)
  if (session === null)
    throw redirect({ to: publicPaths.signIn, search: { next: location.href } as never })
  return session
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async (options) => {
    const { organizations } = await signedIn(options)
    const token = pendingInvitation.read()
    if (token) throw redirect({ to: publicPaths.invitation, search: { token } as never })
    const [first] = organizations
    if (!first) throw redirect({ to: publicPaths.newOrganization })
    throw redirect({ to: pathsOf({ organizationId: first.id, mode: 'live' }).overview })
  },
})

const publicPages = [
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.portal,
    component: lazyRouteComponent(() => import('./portal/portal.tsx'), 'PortalPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.signIn,
    component: lazyRouteComponent(() => import('./pages/account/sign-in.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.signOn,
    component: lazyRouteComponent(() => import('./pages/account/sign-on.tsx'), 'LostSignOnPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: `${publicPaths.signOn}/$organizationId`,
    component: lazyRouteComponent(() => import('./pages/account/sign-on.tsx'), 'SignOnPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.signUp,
    component: lazyRouteComponent(() => import('./pages/account/sign-up.tsx'), 'SignUpPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.forgotPassword,
    component: lazyRouteComponent(
      () => import('./pages/account/forgot-password.tsx'),
      'ForgotPasswordPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.resetPassword,
    component: lazyRouteComponent(
      () => import('./pages/account/reset-password.tsx'),
      'ResetPasswordPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.verifyEmail,
    component: lazyRouteComponent(
      () => import('./pages/account/verify-email.tsx'),
      'VerifyEmailPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.invitation,
    component: lazyRouteComponent(() => import('./pages/account/invitation.tsx'), 'InvitationPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.outbox,
    component: lazyRouteComponent(() => import('./pages/account/outbox.tsx'), 'OutboxPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.account,
    beforeLoad: async (options) => {
      await signedIn(options)
    },
    component: lazyRouteComponent(() => import('./pages/account/your-account.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: publicPaths.newOrganization,
    beforeLoad: async (options) => ({ session: await signedIn(options) }),
    component: lazyRouteComponent(
      () => import('./pages/account/new-organization.tsx'),
      'NewOrganizationPage',
    ),
  }),
]

const environment = createRoute({
  getParentRoute: () => root,
  path: '/$organizationId/$mode',
  beforeLoad: async (options) => {
    await signedIn(options)
  },
  component: EnvironmentLayout,
})

/** A page of an environment, loaded when it is first looked at. */
function page<Name extends string>(
  path: string,
  load: () => Promise<Record<Name, () => React.ReactNode>>,
  name: Name,
) {
  return createRoute({
    getParentRoute: () => environment,
    path,
    component: lazyRouteComponent(load, name),
  })
}

const environmentPages = [
  page('/', () => import('./pages/overview/overview.tsx'), 'OverviewPage'),
  page('/events', () => import('./pages/events/events.tsx'), 'EventsPage'),
  page('/events/$eventId', () => import('./pages/events/event.tsx'), 'EventPage'),
  page('/meters', () => import('./pages/meters/meters.tsx'), 'MetersPage'),
  page('/meters/new', () => import('./pages/meters/new-meter.tsx'), 'NewMeterPage'),
  page('/meters/$meterKey', () => import('./pages/meters/meter.tsx'), 'MeterPage'),
  page('/plans', () => import('./pages/plans/plans.tsx'), 'PlansPage'),
  page('/plans/new', () => import('./pages/plans/new-plan.tsx'), 'NewPlanPage'),
  page('/plans/$planKey', () => import('./pages/plans/plan.tsx'), 'PlanPage'),
  page(
    '/plans/$planKey/new-version',
    () => import('./pages/plans/new-version.tsx'),
    'NewVersionPage',
  ),
  page('/plans/$planKey/simulate', () => import('./pages/plans/simulate.tsx'), 'SimulatePage'),
  page(
    '/plans/$planKey/move',
    () => import('./pages/plans/move-subscriptions.tsx'),
    'MoveSubscriptionsPage',
  ),
  page('/customers', () => import('./pages/customers/customers.tsx'), 'CustomersPage'),
  page('/customers/new', () => import('./pages/customers/new-customer.tsx'), 'NewCustomerPage'),
  page('/customers/$customerId', () => import('./pages/customers/customer.tsx'), 'CustomerPage'),
  page(
    '/subscriptions',
    () => import('./pages/subscriptions/subscriptions.tsx'),
    'SubscriptionsPage',
  ),
  page(
    '/subscriptions/new',
    () => import('./pages/subscriptions/new-subscription.tsx'),
    'NewSubscriptionPage',
  ),
  page(
    '/subscriptions/$subscriptionId',
    () => import('./pages/subscriptions/subscription.tsx'),
    'SubscriptionPage',
  ),
  page(
    '/subscriptions/$subscriptionId/change',
    () => import('./pages/subscriptions/change-subscription.tsx'),
    'ChangeSubscriptionPage',
  ),
  page('/invoices', () => import('./pages/invoices/invoices.tsx'), 'InvoicesPage'),
  page('/invoices/$invoiceId', () => import('./pages/invoices/invoice.tsx'), 'InvoicePage'),
  page('/payments', () => import('./pages/payments/payments.tsx'), 'PaymentsPage'),
  page('/credit-notes', () => import('./pages/credit-notes/credit-notes.tsx'), 'CreditNotesPage'),
  page('/credits', () => import('./pages/credits/credits.tsx'), 'CreditsPage'),
  page(
    '/credits/$customerId',
    () => import('./pages/credits/customer-ledger.tsx'),
    'CustomerLedgerPage',
  ),
  page('/alerts', () => import('./pages/alerts/alerts.tsx'), 'AlertsPage'),
  page('/webhooks', () => import('./pages/webhooks/webhooks.tsx'), 'WebhooksPage'),
  page('/webhooks/$endpointId', () => import('./pages/webhooks/webhook.tsx'), 'WebhookPage'),
  page('/deliveries/$deliveryId', () => import('./pages/webhooks/delivery.tsx'), 'DeliveryPage'),
  page('/stripe-sync', () => import('./pages/stripe/stripe-sync.tsx'), 'StripeSyncPage'),
  page(
    '/stripe-sync/$triggerId',
    () => import('./pages/stripe/stripe-trigger.tsx'),
    'StripeTriggerPage',
  ),
  page('/sync-records/$recordId', () => import('./pages/stripe/sync-record.tsx'), 'SyncRecordPage'),
  page('/endpoints', () => import('./pages/endpoints/endpoints.tsx'), 'EndpointsPage'),
  page('/endpoints/$endpointId', () => import('./pages/endpoints/endpoint.tsx'), 'EndpointPage'),
  page(
    '/applications/$applicationName',
    () => import('./pages/applications/application.tsx'),
    'ApplicationPage',
  ),
  page('/applications', () => import('./pages/applications/applications.tsx'), 'ApplicationsPage'),
  page('/policies', () => import('./pages/policies/policies.tsx'), 'PoliciesPage'),
  page('/policies/new', () => import('./pages/policies/new-policy.tsx'), 'NewPolicyPage'),
  page('/policies/$policyKey', () => import('./pages/policies/policy.tsx'), 'PolicyPage'),
  page(
    '/policies/$policyKey/change',
    () => import('./pages/policies/change-policy.tsx'),
    'ChangePolicyPage',
  ),
  page('/strategies', () => import('./pages/strategies/strategies.tsx'), 'StrategiesPage'),
  page('/blocks', () => import('./pages/blocks/blocks.tsx'), 'BlocksPage'),
  page('/team', () => import('./pages/team/team.tsx'), 'TeamPage'),
  page('/keys', () => import('./pages/keys/keys.tsx'), 'KeysPage'),
  page('/audit', () => import('./pages/audit/audit.tsx'), 'AuditPage'),
  page('/settings', () => import('./pages/settings/settings.tsx'), 'SettingsPage'),
  page(
    '/settings/delete',
    () => import('./pages/settings/delete-organization.tsx'),
    'DeleteOrganizationPage',
  ),
]

/** All addresses of the dashboard, on one screen. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([home, ...publicPages, environment.addChildren(environmentPages)]),
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: WaitingPage,
    defaultErrorComponent: ThrownPage,
    defaultNotFoundComponent: LostPage,
    scrollRestoration: true,
    // Plain texts: what stands in the address is what the API is asked for.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined)
      const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
      return given.length === 0 ? '' : `?${text}`
    },
  })
}
