// Made by `npm run generate` from the migrated database. Do not edit.
import type { ColumnType } from 'kysely'

/** A column with a default: an insert may leave it out. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>

/** Arrives as text, so that no digit is lost. */
export type Int8 = ColumnType<string, string | number | bigint, string | number | bigint>
/** Arrives as text, so that no digit is lost. */
export type Numeric = ColumnType<string, string, string>
/** Arrives as a Date: microseconds are lost, so cursors select `::text`. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** Arrives parsed; goes in as JSON text. */
export type Json = ColumnType<unknown, string, string>

export interface Schema {
  accounts: Accounts
  add_ons: AddOns
  alert_progress: AlertProgress
  alert_states: AlertStates
  alerts: Alerts
  api_keys: ApiKeys
  applications: Applications
  attempts: Attempts
  audit_entries: AuditEntries
  audit_seals: AuditSeals
  audit_unsealed: AuditUnsealed
  auto_top_ups: AutoTopUps
  billed_elsewhere: BilledElsewhere
  billing_settings: BillingSettings
  collection_settings: CollectionSettings
  control_blocks: ControlBlocks
  control_versions: ControlVersions
  coupon_attachments: CouponAttachments
  coupons: Coupons
  credit_balances: CreditBalances
  credit_entries: CreditEntries
  credit_grants: CreditGrants
  credit_holds: CreditHolds
  credit_leases: CreditLeases
  credit_note_lines: CreditNoteLines
  credit_note_numbers: CreditNoteNumbers
  credit_notes: CreditNotes
  credit_notices: CreditNotices
  credit_watches: CreditWatches
  customer_late_watches: CustomerLateWatches
  customer_parents: CustomerParents
  customers: Customers
  disputes: Disputes
  due: Due
  dunning_schedules: DunningSchedules
  endpoint_customers: EndpointCustomers
  endpoint_statistics: EndpointStatistics
  endpoints: Endpoints
  environment_clocks: EnvironmentClocks
  environments: Environments
  event_corrections: EventCorrections
  event_cursors: EventCursors
  events_by_customer: EventsByCustomer
  facts: Facts
  first_owner_tokens: FirstOwnerTokens
  handed_over_invoices: HandedOverInvoices
  idempotent_requests: IdempotentRequests
  imports: Imports
  invitations: Invitations
  invoice_adjustments: InvoiceAdjustments
  invoice_line_coverage: InvoiceLineCoverage
  invoice_lines: InvoiceLines
  invoice_numbers: InvoiceNumbers
  invoice_states: InvoiceStates
  invoices: Invoices
  late_hours: LateHours
  late_looks: LateLooks
  late_watches: LateWatches
  limit_decisions: LimitDecisions
  limit_states: LimitStates
  members: Members
  metering_rules: MeteringRules
  meters: Meters
  organizations: Organizations
  outbox_mails: OutboxMails
  payment_methods: PaymentMethods
  payments: Payments
  plan_versions: PlanVersions
  plans: Plans
  policies: Policies
  portal_links: PortalLinks
  portal_settings: PortalSettings
  prices: Prices
  report_losses: ReportLosses
  report_producers: ReportProducers
  request_samples: RequestSamples
  sessions: Sessions
  sign_on_attempts: SignOnAttempts
  sign_on_connections: SignOnConnections
  sign_on_domains: SignOnDomains
  sign_on_identities: SignOnIdentities
  strategies: Strategies
  stripe_connections: StripeConnections
  stripe_customers: StripeCustomers
  stripe_events: StripeEvents
  stripe_invoice_items: StripeInvoiceItems
  stripe_invoices: StripeInvoices
  stripe_sync_records: StripeSyncRecords
  stripe_triggers: StripeTriggers
  stripe_usage_customers: StripeUsageCustomers
  stripe_usage_hours: StripeUsageHours
  stripe_usage_progress: StripeUsageProgress
  subscription_add_ons: SubscriptionAddOns
  subscription_periods: SubscriptionPeriods
  subscription_terms: SubscriptionTerms
  subscriptions: Subscriptions
  tax_rates: TaxRates
  test_provider_charges: TestProviderCharges
  top_ups: TopUps
  two_factors: TwoFactors
  unpaid_suspensions: UnpaidSuspensions
  usage_events: UsageEvents
  usage_rollups: UsageRollups
  usage_uniques: UsageUniques
  users: Users
  verifications: Verifications
  webhook_attempts: WebhookAttempts
  webhook_deliveries: WebhookDeliveries
  webhook_endpoints: WebhookEndpoints
  webhook_secrets: WebhookSecrets
}

export interface Accounts {
  id: string
  user_id: string
  provider_id: string
  account_id: string
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: Timestamp | null
  refresh_token_expires_at: Timestamp | null
  scope: string | null
  password: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

export interface AddOns {
  env_id: number
  id: string
  key: string
  name: string
  currency: string
  amount_minor: Int8
  recurring: string
  tax_rate_id: string | null
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface AlertProgress {
  is_only: Generated<boolean>
  position: Int8
}

export interface AlertStates {
  env_id: number
  alert_id: string
  customer: string
  subject: string
  window_start: Timestamp
  threshold: string
  value: Numeric
  reached_at: Timestamp
}

export interface Alerts {
  env_id: number
  id: string
  name: string
  kind: string
  customer: string | null
  plan_id: string | null
  meter_id: string | null
  span: string | null
  currency: string | null
  thresholds: string[]
  created_at: Timestamp
}

export interface ApiKeys {
  id: string
  env_id: number
  name: string
  hash: Buffer
  prefix: string
  last_four: string
  scopes: string[]
  created_at: Timestamp
  last_used_at: Timestamp | null
  expires_at: Timestamp | null
  revoked_at: Timestamp | null
}

export interface Applications {
  env_id: number
  id: string
  name: string
  first_seen_at: Timestamp
  last_seen_at: Timestamp
}

export interface Attempts {
  subject: string
  tries: number
  began_at: Timestamp
}

export interface AuditEntries {
  organization_id: string
  id: string
  env_id: number | null
  at: Timestamp
  actor_kind: string
  actor_id: string
  action: string
  target: string | null
  request_id: string
  detail: Json
}

export interface AuditSeals {
  organization_id: string
  position: Int8
  entry_id: string
  hash: Buffer
  sealed_at: Timestamp
}

export interface AuditUnsealed {
  organization_id: string
  entry_id: string
}

export interface AutoTopUps {
  env_id: number
  id: string
  customer: string
  kind: string
  meter_id: string | null
  currency: string
  below: Numeric
  amount: Numeric
  price_minor: Int8
  not_before: Timestamp | null
  created_at: Timestamp
}

export interface BilledElsewhere {
  env_id: number
  since: Timestamp
}

export interface BillingSettings {
  env_id: number
  seller_name: string
  seller_address: string[]
  tax_numbers: string[]
  email: string | null
  logo: Buffer | null
  language: string
  time_zone: string
  number_pattern: string
  note: string | null
  changed_at: Timestamp
  credit_note_pattern: Generated<string>
}

export interface CollectionSettings {
  env_id: number
  level: string
  subject: string
  mode: string
}

export interface ControlBlocks {
  env_id: number
  id: string
  kind: string
  blocked: string
  reason: string
  until: Timestamp | null
  created_at: Timestamp
  actor_kind: string | null
  actor_id: string | null
}

export interface ControlVersions {
  env_id: number
  version: Int8
}

export interface CouponAttachments {
  env_id: number
  id: string
  attachment_no: Generated<Int8>
  coupon_id: string
  customer: string
  subscription_id: string | null
  attached_at: Timestamp
  detached_at: Timestamp | null
}

export interface Coupons {
  env_id: number
  id: string
  key: string
  name: string
  percent: Numeric | null
  amount_minor: Int8 | null
  currency: string | null
  duration: string
  periods: number | null
  redemptions_max: number | null
  redemptions: Generated<number>
  expires_at: Timestamp | null
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface CreditBalances {
  env_id: number
  customer: string
  is_topped_up: Generated<boolean>
  entries: Generated<Int8>
}

export interface CreditEntries {
  env_id: number
  grant_id: string
  entry_no: number
  kind: string
  amount: Numeric
  left_after: Numeric
  invoice_id: string | null
  hold_id: string | null
  at: Timestamp
}

export interface CreditGrants {
  env_id: number
  id: string
  customer: string
  kind: string
  meter_id: string | null
  currency: string | null
  meter_ids: string[] | null
  amount: Numeric
  low_at: Numeric | null
  valid_from: Timestamp
  valid_to: Timestamp | null
  priority: number
  is_promotional: boolean
  source: string
  name: Generated<string>
  subscription_id: string | null
  period_no: number | null
  credit_no: number | null
  rollover_cap: Numeric | null
  rollover_periods: number | null
  rolled_from: string | null
  granted_at: Timestamp
  voided_at: Timestamp | null
}

export interface CreditHolds {
  env_id: number
  id: string
  customer: string
  meter_id: string
  key: string | null
  units: Numeric
  status: string
  used: Numeric | null
  created_at: Timestamp
  expires_at: Timestamp
  closed_at: Timestamp | null
}

export interface CreditLeases {
  env_id: number
  customer: string
  meter_id: string
  holder: string
  lease_id: string
  units: Int8
  held: Int8
  ends_at: Timestamp
  held_until: Timestamp
  settled_at: Timestamp | null
}

export interface CreditNoteLines {
  env_id: number
  credit_note_id: string
  invoice_id: string
  invoice_line_no: number
  amount_minor: Int8
  tax_minor: Int8
}

export interface CreditNoteNumbers {
  env_id: number
  next: Generated<Int8>
}

export interface CreditNotes {
  env_id: number
  id: string
  number: string
  invoice_id: string
  customer: string
  currency: string
  settlement: string
  grant_id: string | null
  reason: string
  total_minor: Int8
  tax_minor: Int8
  issued_at: Timestamp
  refund_id: string | null
}

export interface CreditNotices {
  env_id: number
  customer: string
  kind: string
  subject: string
  told_at: Timestamp
}

export interface CreditWatches {
  env_id: number
}

export interface CustomerLateWatches {
  env_id: number
  customer: string
  closed_until: Timestamp
}

export interface CustomerParents {
  env_id: number
  customer: string
  parent: string
  since: Timestamp
  until: Timestamp | null
}

export interface Customers {
  env_id: number
  customer: string
  id: string
  name: Generated<string>
  created_at: Timestamp
  email: string | null
  address: string | null
  tax_number: string | null
  language: string | null
  net_days: number | null
  tax_rate_id: string | null
  is_tax_exempt: Generated<boolean>
}

export interface Disputes {
  env_id: number
  id: string
  payment_id: string
  amount_minor: Int8
  currency: string
  reason: string
  status: string
  evidence_due_at: Timestamp | null
  opened_at: Timestamp
  closed_at: Timestamp | null
}

export interface Due {
  env_id: number
  kind: string
  ref: string
  at: Timestamp
  lease_until: Timestamp | null
  fence: Generated<Int8>
  failures: Generated<number>
  last_error: string | null
  parked_at: Timestamp | null
}

export interface DunningSchedules {
  env_id: number
  retry_after_days: number[]
}

export interface EndpointCustomers {
  env_id: number
  endpoint_id: string
  starts_at: Timestamp
  customer_id: string
  requests: Int8
  unmetered: Int8
  statuses: Json
  latency: Json
  request_bytes: Int8
  response_bytes: Int8
}

export interface EndpointStatistics {
  env_id: number
  endpoint_id: string
  span: string
  starts_at: Timestamp
  requests: Int8
  unmetered: Int8
  statuses: Json
  latency: Json
  request_bytes: Int8
  response_bytes: Int8
  customers: Generated<number>
}

export interface Endpoints {
  env_id: number
  id: string
  application_id: string
  method: string
  route: string
  first_seen_at: Timestamp
  declared_at: Timestamp | null
  last_seen_at: Timestamp | null
}

export interface EnvironmentClocks {
  env_id: number
  offset_ms: Generated<Int8>
  frozen_at: Timestamp | null
  target: Timestamp | null
  stopped: Generated<boolean>
}

export interface Environments {
  env_id: Generated<number>
  organization_id: string
  mode: string
  unknown_meters: Generated<string>
  created_at: Timestamp
}

export interface EventCorrections {
  env_id: number
  key: string
  correction_no: number
  kind: string
  amount: Numeric | null
  metadata: string | null
  occurred_at: Timestamp | null
  reason: string | null
  created_at: Timestamp
  xid: Generated<Int8>
}

export interface EventCursors {
  name: string
  position: Int8
  as_of: Timestamp
  system_identifier: string
  xid_offset: Generated<Int8>
}

export interface EventsByCustomer {
  env_id: number
  customer: string
  occurred_at: Timestamp
  key: string
}

export interface Facts {
  env_id: number
  id: string
  type: string
  at: Timestamp
  data: Json
}

export interface FirstOwnerTokens {
  hash: Buffer
  made_at: Timestamp
  used_at: Timestamp | null
}

export interface HandedOverInvoices {
  env_id: number
  invoice_id: string
  handed_over_at: Timestamp
}

export interface IdempotentRequests {
  env_id: number | null
  route: string
  caller: string
  key: string
  fingerprint: Buffer
  status: number
  sealed_reply: Buffer
  created_at: Timestamp
}

export interface Imports {
  env_id: number
  id: string
  import_no: Generated<number>
  source: string
  window_from: Timestamp
  window_to: Timestamp
  created_at: Timestamp
  reverted_at: Timestamp | null
}

export interface Invitations {
  id: string
  organization_id: string
  email: string
  role: string
  hash: Buffer
  invited_by: string
  created_at: Timestamp
  expires_at: Timestamp
  ended_at: Timestamp | null
  ended_as: string | null
}

export interface InvoiceAdjustments {
  env_id: number
  invoice_id: string
  adjustment_no: number
  kind: string
  ref: string
  name: string
  meter_id: string | null
  units: Numeric | null
  percent: Numeric | null
  is_inclusive: boolean | null
  taxable_minor: Int8 | null
  amount_minor: Int8
}

export interface InvoiceLineCoverage {
  env_id: number
  invoice_id: string
  line_no: number
  slice_no: number
  customer: string | null
  except_of: Generated<string[]>
  used_from: Timestamp
  used_to: Timestamp
}

export interface InvoiceLines {
  env_id: number
  invoice_id: string
  line_no: number
  kind: string
  meter_id: string | null
  meter_key: string | null
  description: string
  quantity: Numeric
  included: Numeric
  billable: Numeric
  unit_price: Numeric
  amount_minor: Int8
  period_start: Timestamp
  period_end: Timestamp
  name: Generated<string>
  rule: string
  dimension: Json | null
  credited: Generated<Numeric>
  units: Numeric
  fixed: Generated<Numeric>
  tax_rate_id: string | null
  discount_minor: Generated<Int8>
  promotional_minor: Generated<Int8>
  tax_minor: Generated<Int8>
  late_period_no: number | null
  late_since: Int8 | null
  late_difference: Int8 | null
}

export interface InvoiceNumbers {
  env_id: number
  next: Generated<Int8>
}

export interface InvoiceStates {
  env_id: number
  invoice_id: string
  customer: string
  subscription_id: string | null
  period_no: number | null
  kind: string
  status: string
  reason: string | null
  version: Generated<number>
  created_at: Timestamp
  changed_at: Timestamp
  overdue_at: Timestamp | null
  credited_minor: Generated<Int8>
  part_no: Generated<number>
}

export interface Invoices {
  env_id: number
  id: string
  number: string
  customer: string
  subscription_id: string | null
  plan_id: string | null
  plan_version: number | null
  currency: string
  period_start: Timestamp
  period_end: Timestamp
  total_minor: Int8
  usage_before: Int8
  finalized_at: Timestamp
  subtotal_minor: Int8
  true_up_minor: Generated<Int8>
  tax_minor: Generated<Int8>
  amount_due_minor: Int8
  due_at: Timestamp
  late_before: Int8 | null
}

export interface LateHours {
  env_id: number
  customer: string
  hour: Timestamp
  position: Int8
}

export interface LateLooks {
  env_id: number
  subscription_id: string
  position: Int8
}

export interface LateWatches {
  env_id: number
  closed_until: Timestamp
}

export interface LimitDecisions {
  env_id: number
  application: string
  starts_at: Timestamp
  decision_key: Buffer
  policy_id: string | null
  pattern: string | null
  limit_name: string
  mode: string
  identity_kind: string | null
  identity_id: string | null
  refused: Int8
  allowed_without_answer: Int8
  refused_without_answer: Int8
}

export interface LimitStates {
  env_id: number
  limit_key: Buffer
  identity_key: Buffer
  state: Json
  needed_until: Timestamp
}

export interface Members {
  organization_id: string
  user_id: string
  role: string
  joined_at: Timestamp
}

export interface MeteringRules {
  env_id: number
  id: string
  policy_id: string
  place: number
  event: string
  quantity: string
  status_classes: Json
  created_at: Timestamp
  ended_at: Timestamp | null
}

export interface Meters {
  env_id: number
  meter_no: Generated<number>
  id: string
  key: string
  name: string
  unit: Generated<string>
  event_name: string
  aggregation: string
  value_property: string[] | null
  filter: Json | null
  filter_path: string | null
  group_by: Generated<string[]>
  factor: Generated<Numeric>
  divisor: Generated<Numeric>
  created_at: Timestamp
  archived_at: Timestamp | null
  live_from: Int8 | null
  backfill_after: string | null
  backfilled_at: Timestamp | null
  rounding: Generated<string>
  rounding_digits: Generated<number>
  late_usage: Generated<string>
}

export interface Organizations {
  id: string
  name: string
  created_at: Timestamp
  deleted_at: Timestamp | null
  erase_at: Timestamp | null
}

export interface OutboxMails {
  id: string
  recipient: string
  subject: string
  sealed_body: Buffer | null
  created_at: Timestamp
  next_try_at: Timestamp | null
  tries: Generated<number>
  last_error: string | null
}

export interface PaymentMethods {
  env_id: number
  id: string
  customer: string
  provider: string
  token: string
  is_default: boolean
  attached_at: Timestamp
  detached_at: Timestamp | null
  label: string | null
  expires_on: string | null
  left_account: string | null
  left_as_default: Generated<boolean>
  given_at: Timestamp | null
}

export interface Payments {
  env_id: number
  id: string
  kind: string
  origin: string
  invoice_id: string
  customer: string
  provider: string | null
  method_id: string | null
  method_token: string | null
  refund_of: string | null
  amount_minor: Int8
  currency: string
  status: string
  failure_code: string | null
  cancel_asked: Generated<boolean>
  sent_at: Timestamp | null
  asks: Generated<number>
  created_at: Timestamp
  settled_at: Timestamp | null
  provider_ref: string | null
  action_url: string | null
  provider_account: string | null
  is_surplus: Generated<boolean>
  action_since: Timestamp | null
}

export interface PlanVersions {
  env_id: number
  plan_id: string
  version: number
  currency: string
  cycle: string
  base_minor: Int8
  base_in_advance: boolean
  grace_seconds: number
  created_at: Timestamp
  minimum_minor: Int8 | null
  flat_prices: Generated<Json>
  credits: Generated<Json>
  trial_days: Generated<number>
  net_days: Generated<number>
  tax_rate_id: string | null
}

export interface Plans {
  env_id: number
  id: string
  key: string
  name: string
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface Policies {
  env_id: number
  id: string
  key: string
  name: string
  application: string | null
  method: string
  url: string
  priority: number
  strategy_id: string | null
  mode: string
  without_answer: string
  deadline_ms: number
  limits: Json
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface PortalLinks {
  env_id: number
  id: string
  customer: string
  token_hash: Buffer
  allows_plan_change: boolean
  return_url: string | null
  created_at: Timestamp
  expires_at: Timestamp
  ended_at: Timestamp | null
}

export interface PortalSettings {
  env_id: number
  accent_color: string | null
  plan_ids: string[]
  changed_at: Timestamp
}

export interface Prices {
  env_id: number
  plan_id: string
  version: number
  price_no: number
  meter_id: string
  model: Json
  tax_rate_id: string | null
}

export interface ReportLosses {
  env_id: number
  application: string
  starts_at: Timestamp
  kind: string
  count: Int8
  last_at: Timestamp
}

export interface ReportProducers {
  env_id: number
  producer: string
  application: string
  agent: string
  sequence: Int8
  first_reported_at: Timestamp
  last_reported_at: Timestamp
  missed: Generated<Int8>
  missed_at: Timestamp | null
  left_out: Generated<Int8>
  left_out_at: Timestamp | null
  usage: Json | null
  lost_at: Timestamp | null
}

export interface RequestSamples {
  env_id: number
  id: string
  application_id: string
  endpoint_id: string
  at: Timestamp
  method: string
  route: string | null
  status: number
  duration_us: Int8
  request_bytes: Int8 | null
  response_bytes: Int8 | null
  customer_id: string | null
  client_address: string | null
  user_agent: string | null
  query_names: Json
}

export interface Sessions {
  id: string
  user_id: string
  token: string
  expires_at: Timestamp
  last_seen_at: Timestamp | null
  ip_address: string | null
  user_agent: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

export interface SignOnAttempts {
  state: Buffer
  browser: Buffer
  organization_id: string
  sealed: Buffer
  began_at: Timestamp
}

export interface SignOnConnections {
  organization_id: string
  issuer: string
  client_id: string
  sealed_secret: Buffer
  role: string
  enabled: boolean
  enforced: boolean
  changed_at: Timestamp
}

export interface SignOnDomains {
  domain: string
  organization_id: string
  allowed_at: Timestamp
}

export interface SignOnIdentities {
  organization_id: string
  issuer: string
  subject: string
  user_id: string
  linked_at: Timestamp
}

export interface Strategies {
  env_id: number
  id: string
  key: string
  name: string
  sources: Json
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface StripeConnections {
  env_id: number
  id: string
  account_id: string
  sealed_api_key: Buffer
  last_four: string
  sealed_webhook_secret: Buffer | null
  connected_at: Timestamp
  event_at: Timestamp | null
  event_type: string | null
  error_at: Timestamp | null
  error_code: string | null
}

export interface StripeCustomers {
  env_id: number
  account_id: string
  customer: string
  customer_ref: string
}

export interface StripeEvents {
  env_id: number
  event_ref: string
  received_at: Timestamp
}

export interface StripeInvoiceItems {
  env_id: number
  invoice_id: string
  item_no: number
  description: string
  amount_minor: Int8
  period_start: Timestamp
  period_end: Timestamp
  item_ref: string | null
}

export interface StripeInvoices {
  env_id: number
  invoice_id: string
  trigger_id: string
  customer: string
  currency: string
  amount_minor: Int8
  state: string
  reason: string | null
  reason_text: string | null
  attempts: Generated<number>
  key_no: Generated<number>
  key_since: Timestamp | null
  sent_at: Timestamp | null
  customer_ref: string | null
  invoice_ref: string | null
  invoice_status: string | null
  created_at: Timestamp
}

export interface StripeSyncRecords {
  env_id: number
  id: string
  trigger_id: string
  customer: string
  at: Timestamp
  no: number
  counted: Numeric
  value: Numeric
  state: string
  reason: string | null
  reason_text: string | null
  identifier: string
  attempts: Generated<number>
  sent_first_at: Timestamp | null
  sent_at: Timestamp | null
  customer_ref: string | null
  created_at: Timestamp
  item_ref: string | null
}

export interface StripeTriggers {
  env_id: number
  id: string
  type: string
  account_id: string
  meter_id: string | null
  price_ref: string | null
  stripe_meter_ref: string | null
  event_name: string | null
  customer_key: string | null
  value_key: string | null
  multiplier: Numeric | null
  makes_customers: boolean
  usage_from: Timestamp | null
  is_active: boolean
  created_at: Timestamp
  proration_behavior: string | null
  collection_method: string | null
}

export interface StripeUsageCustomers {
  env_id: number
  trigger_id: string
  customer: string
  counted: Numeric
  value: Numeric
}

export interface StripeUsageHours {
  env_id: number
  trigger_id: string
  customer: string
  hour: Timestamp
  counted: Numeric
}

export interface StripeUsageProgress {
  only_one: Generated<boolean>
  position: Int8
}

export interface SubscriptionAddOns {
  env_id: number
  id: string
  add_on_no: Generated<Int8>
  add_on_id: string
  subscription_id: string
  quantity: Numeric
  attached_at: Timestamp
  detached_at: Timestamp | null
}

export interface SubscriptionPeriods {
  env_id: number
  subscription_id: string
  period_no: number
  period_start: Timestamp
  period_end: Timestamp
  full_start: Timestamp
  full_end: Timestamp
  state: string
  anchor_step: number
  term_no: number
  is_billed: boolean
  planned_end: Timestamp
}

export interface SubscriptionTerms {
  env_id: number
  subscription_id: string
  term_no: number
  kind: string
  since: Timestamp
  until: Timestamp | null
  plan_id: string
  plan_version: number
  quantity: Generated<Numeric>
  overrides: Generated<Json>
  anchor_kind: string
  anchor_local: string
  time_zone: string
}

export interface Subscriptions {
  env_id: number
  id: string
  customer: string
  status: string
  started_at: Timestamp
  cancel_at: Timestamp | null
  ended_at: Timestamp | null
  parked_at: Timestamp | null
  parked_reason: string | null
  created_at: Timestamp
  term_no: Generated<number>
  spend_threshold_minor: Int8 | null
}

export interface TaxRates {
  env_id: number
  id: string
  key: string
  name: string
  percent: Numeric
  is_inclusive: boolean
  created_at: Timestamp
  archived_at: Timestamp | null
}

export interface TestProviderCharges {
  env_id: number
  idempotency_key: string
  kind: string
  reference: string
  token: string
  amount_minor: Int8
  currency: string
  status: string
  calls: Generated<number>
}

export interface TopUps {
  env_id: number
  invoice_id: string
  auto_top_up_id: string
  customer: string
  meter_id: string | null
  currency: string
  amount: Numeric
  status: string
  credit_id: string | null
  created_at: Timestamp
}

export interface TwoFactors {
  id: string
  user_id: string
  secret: string
  backup_codes: string
  verified: boolean | null
  failed_verification_count: number | null
  locked_until: Timestamp | null
}

export interface UnpaidSuspensions {
  env_id: number
  subscription_id: string
  invoice_id: string
  since: Timestamp
}

export interface UsageEvents {
  env_id: number
  key: string
  fingerprint: Int8
  occurred_at: Timestamp
  sequence: Int8
  name: string
  customer: string
  amount: Numeric
  metadata: string | null
  xid: Generated<Int8>
  key_text: string | null
  import_no: number | null
}

export interface UsageRollups {
  env_id: number
  meter_no: number
  customer: string
  hour: Timestamp
  dimension: string
  events: Int8
  not_counted: Int8
  sum: Numeric
  min: Numeric | null
  max: Numeric | null
  last_value: Numeric | null
  last_at: Timestamp | null
  last_sequence: Int8 | null
  last_key: string | null
}

export interface UsageUniques {
  env_id: number
  meter_no: number
  customer: string
  hour: Timestamp
  dimension: string
  value_hash: string
}

export interface Users {
  id: string
  name: string
  email: string
  email_verified: Generated<boolean>
  image: string | null
  two_factor_enabled: Generated<boolean>
  created_at: Timestamp
  updated_at: Timestamp
}

export interface Verifications {
  id: string
  identifier: string
  value: string
  expires_at: Timestamp
  created_at: Timestamp
  updated_at: Timestamp
}

export interface WebhookAttempts {
  env_id: number
  delivery_id: string
  attempt_no: number
  at: Timestamp
  duration_ms: number
  status_code: number | null
  error: string | null
  response: string | null
}

export interface WebhookDeliveries {
  env_id: number
  id: string
  endpoint_id: string
  fact_id: string
  state: string
  attempts: Generated<number>
  next_attempt_at: Timestamp | null
  created_at: Timestamp
  ended_at: Timestamp | null
}

export interface WebhookEndpoints {
  env_id: number
  id: string
  url: string
  description: Generated<string>
  event_types: Generated<string[]>
  status: string
  disabled_reason: string | null
  pace: Generated<string>
  failing_since: Timestamp | null
  last_failed_at: Timestamp | null
  paused_until: Timestamp | null
  created_at: Timestamp
  deleted_at: Timestamp | null
}

export interface WebhookSecrets {
  env_id: number
  endpoint_id: string
  secret_no: number
  sealed: Buffer
  created_at: Timestamp
  expires_at: Timestamp | null
}
