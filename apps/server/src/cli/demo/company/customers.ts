/** A customer of the company: what they bought, how they pay, and how much they use in an average hour. */
export type DemoCustomer = {
  readonly id: string
  readonly name: string
  readonly address: readonly string[]
  readonly plan: string
  /** How often the base price is due: seats. */
  readonly quantity?: number
  /** The card that is charged by itself; without one they pay by transfer, when they like. */
  readonly card?: 'pm_test_ok' | 'pm_test_declines_twice' | 'pm_test_declined'
  readonly language?: string
  readonly taxRate?: string
  readonly taxNumber?: string
  /** The month in which they came, from 0. */
  readonly joins?: number
  readonly trialDays?: number
  readonly calls: number
  readonly tokens?: number
  readonly storageGb?: number
  readonly users?: number
  /** By what their usage is multiplied from month to month. */
  readonly growth: number
  /** What is left of it at weekends. */
  readonly weekend: number
}

const CARD = { card: 'pm_test_ok' } as const

export const CUSTOMERS: readonly DemoCustomer[] = [
  {
    ...{ id: 'kestrel', name: 'Kestrel Analytics', plan: 'scale', ...CARD },
    address: ['77 Canal Street', 'Boston, MA 02114', 'United States'],
    ...{ calls: 2_600, growth: 1.18, weekend: 0.45 },
  },
  {
    ...{ id: 'bluebird', name: 'Bluebird Logistics', plan: 'growth', ...CARD },
    address: ['12 Harbour Row', 'Rotterdam', 'Netherlands'],
    ...{ calls: 620, growth: 1.12, weekend: 0.6 },
  },
  {
    ...{ id: 'fennel', name: 'Fennel Foods', plan: 'starter', ...CARD },
    address: ['9 Orchard Lane', 'Portland, OR 97205', 'United States'],
    ...{ calls: 104, growth: 1.1, weekend: 0.8 },
  },
  {
    ...{ id: 'harbor', name: 'Harbor Health', plan: 'enterprise' },
    address: ['1 Mercy Square', 'Chicago, IL 60611', 'United States'],
    ...{ calls: 5_200, tokens: 900_000, growth: 1.09, weekend: 0.7 },
  },
  {
    ...{ id: 'linden', name: 'Linden Recht GmbH', plan: 'team', quantity: 14, ...CARD },
    address: ['Lindenstraße 40', '10969 Berlin', 'Germany'],
    ...{ language: 'de', taxRate: 'vat-19', taxNumber: 'DE298374651' },
    ...{ calls: 0, storageGb: 240, users: 31, growth: 1.06, weekend: 0.1 },
  },
  {
    ...{ id: 'lumen', name: 'Lumen Studio', plan: 'studio', ...CARD },
    address: ['221 Rue du Mail', '75002 Paris', 'France'],
    ...{ language: 'fr', calls: 40, tokens: 310_000, growth: 1.24, weekend: 0.3 },
  },
  {
    ...{ id: 'maple', name: 'Maple Savings Bank', plan: 'enterprise' },
    address: ['400 King Street West', 'Toronto, ON M5V 1K2', 'Canada'],
    ...{ joins: 1, calls: 3_400, tokens: 420_000, growth: 1.3, weekend: 0.25 },
  },
  {
    ...{ id: 'nordlys', name: 'Nordlys Energi', plan: 'growth', card: 'pm_test_declines_twice' },
    address: ['Strandgata 18', '9008 Tromsø', 'Norway'],
    ...{ calls: 480, growth: 1.05, weekend: 0.9 },
  },
  {
    ...{ id: 'orchard', name: 'Orchard Games', plan: 'payg', ...CARD },
    address: ['5 Arcade Yard', 'Austin, TX 78701', 'United States'],
    ...{ calls: 60, tokens: 520_000, growth: 1.2, weekend: 1.6 },
  },
  {
    ...{ id: 'quill', name: 'Quill & Page', plan: 'starter', card: 'pm_test_declined' },
    address: ['31 Inkwell Road', 'Bristol BS1 4DJ', 'United Kingdom'],
    ...{ calls: 48, growth: 0.94, weekend: 0.5 },
  },
  {
    ...{ id: 'ridgeline', name: 'Ridgeline Maps', plan: 'growth' },
    address: ['840 Summit Drive', 'Denver, CO 80203', 'United States'],
    ...{ calls: 760, growth: 1.02, weekend: 1.1 },
  },
  {
    ...{ id: 'saltmarsh', name: 'Saltmarsh Media', plan: 'payg', ...CARD },
    address: ['16 Wharf Street', 'Savannah, GA 31401', 'United States'],
    ...{ calls: 35, tokens: 260_000, growth: 1.08, weekend: 0.9 },
  },
  {
    ...{ id: 'tidewater', name: 'Tidewater Labs', plan: 'starter', ...CARD },
    address: ['2 Jetty Mews', 'Cardiff CF10 5BZ', 'United Kingdom'],
    ...{ calls: 92, growth: 1.35, weekend: 0.3 },
  },
  {
    ...{ id: 'violet', name: 'Violet Robotics', plan: 'scale' },
    address: ['3-8-1 Minato', 'Osaka 552-0021', 'Japan'],
    ...{ joins: 1, calls: 1_500, growth: 1.4, weekend: 0.5 },
  },
  {
    ...{ id: 'willow', name: 'Willow Clinics', plan: 'team', quantity: 32, ...CARD },
    address: ['60 Parkside Avenue', 'Dublin 4', 'Ireland'],
    ...{ joins: 2, calls: 0, storageGb: 410, users: 58, growth: 1.1, weekend: 0.4 },
  },
  {
    ...{ id: 'zephyr', name: 'Zephyr Travel', plan: 'growth', trialDays: 30, ...CARD },
    address: ['Via Lattea 11', '20121 Milano', 'Italy'],
    ...{ joins: 3, calls: 350, growth: 1.5, weekend: 1.2 },
  },
]
