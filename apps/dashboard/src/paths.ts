/** Which environment of which organization a page is about. It stands in the address, so that a link says all. */
export type EnvironmentRef = { readonly organizationId: string; readonly mode: 'live' | 'test' }

export const publicPaths = {
  signIn: '/sign-in',
  signOn: '/sign-on', // issuers send people back to pages below this, one for each organization
  signUp: '/sign-up',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password', // messages of the server lead to this and the next two
  verifyEmail: '/verify-email',
  invitation: '/invitation',
  outbox: '/outbox', // while no mail server is set, on the server's own machine
  newOrganization: '/new-organization',
  account: '/account',
  portal: '/portal', // for the customers of an organization; links of the server lead to it
}

/** Every address of the dashboard is made here, so that none can be spelled wrongly elsewhere. */
export function pathsOf({ organizationId, mode }: EnvironmentRef) {
  const base = `/${organizationId}/${mode}`
  const to = (...parts: readonly string[]) => [base, ...parts.map(encodeURIComponent)].join('/')
  return {
    overview: to(),
    events: to('events'),
    event: (id: string) => to('events', id),
    meters: to('meters'),
    newMeter: to('meters', 'new'),
    meter: (key: string) => to('meters', key),
    plans: to('plans'),
    newPlan: to('plans', 'new'),
    plan: (key: string) => to('plans', key),
    newVersion: (key: string) => to('plans', key, 'new-version'),
    simulate: (key: string) => to('plans', key, 'simulate'),
    moveSubscriptions: (key: string) => to('plans', key, 'move'),
    customers: to('customers'),
    newCustomer: to('customers', 'new'),
    customer: (id: string) => to('customers', id),
    subscriptions: to('subscriptions'),
    newSubscription: to('subscriptions', 'new'),
    subscription: (id: string) => to('subscriptions', id),
    changeSubscription: (id: string) => to('subscriptions', id, 'change'),
    invoices: to('invoices'),
    invoice: (id: string) => to('invoices', id),
    payments: to('payments'),
    creditNotes: to('credit-notes'),
    allCredits: to('credits'),
    credits: (customerId: string) => to('credits', customerId),
    alerts: to('alerts'),
    webhooks: to('webhooks'),
    webhook: (id: string) => to('webhooks', id),
    delivery: (id: string) => to('deliveries', id),
    stripeSync: to('stripe-sync'),
    stripeTrigger: (id: string) => to('stripe-sync', id),
    syncRecord: (id: string) => to('sync-records', id),
    endpoints: to('endpoints'),
    endpoint: (id: string) => to('endpoints', id),
    applications: to('applications'),
    application: (name: string) => to('applications', name),
    policies: to('policies'),
    newPolicy: to('policies', 'new'),
    policy: (key: string) => to('policies', key),
    changePolicy: (key: string) => to('policies', key, 'change'),
    strategies: to('strategies'),
    blocks: to('blocks'),
    team: to('team'),
    keys: to('keys'),
    audit: to('audit'),
    settings: to('settings'),
    deleteOrganization: to('settings', 'delete'),
  } as const
}

export type EnvironmentPaths = ReturnType<typeof pathsOf>
