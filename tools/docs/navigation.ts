/** The pages of the guide in the order in which they are read, by what they are about. */
export const NAVIGATION: readonly { readonly title: string; readonly pages: readonly string[] }[] =
  [
    {
      title: 'Start',
      pages: [
        ...['getting-started', 'image-generator', 'concepts'],
        ...['integrating', 'blueprints', 'dashboard'],
      ],
    },
    { title: 'Usage', pages: ['sending-usage', 'meters', 'switching', 'importing', 'test-clock'] },
    {
      title: 'Selling',
      pages: ['customers', 'plans-and-subscriptions', 'credits', 'portal', 'alerts', 'simulating'],
    },
    {
      title: 'Billing',
      pages: ['invoices', 'payments', 'stripe', 'amounts', 'verifying', 'exporting'],
    },
    { title: 'Control', pages: ['control'] },
    { title: 'Programs', pages: ['webhooks', 'errors'] },
    { title: 'Running', pages: ['running', 'accounts', 'security'] },
  ]

/** Pages of the server that are not made here. */
export const OTHER_PAGES = [
  { title: 'API reference', path: '/docs/api/' },
  { title: 'Every error code', path: '/docs/errors' },
] as const
