/** Lines on a grid of 24, drawn for this dashboard, so that no library of thousands comes along. */
const SHAPES = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  events: 'M3 12h4l3-8 4 16 3-8h4',
  meters: 'M4 18a9 9 0 1 1 16 0M12 14l4-5',
  plans: 'M4 7l8-4 8 4-8 4zM4 12l8 4 8-4M4 17l8 4 8-4',
  customers:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 15c3 1 4 3 4 6',
  subscriptions: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  invoices: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  payments: 'M3 6h18v12H3zM3 10h18M7 15h3',
  creditNotes: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM14 8l-4 4 4 4M10 12h5',
  credits: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM15 9c-1-2-6-2-6 .5S15 11 15 14s-5 3-6 1M12 6v12',
  alerts: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 19a2 2 0 0 0 4 0',
  webhooks: 'M7 17a4 4 0 1 1 1-7l3-6M17 17a4 4 0 1 0-3-7M8 17h8',
  sync: 'M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4',
  endpoints: 'M4 6h6v4H4zM14 14h6v4h-6zM10 8h4a3 3 0 0 1 3 3v3',
  applications: 'M3 5h18v14H3zM3 9h18M6 7h.01M9 7h.01M8 13l-2 2 2 2M13 17h4',
  policies: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8 12h8M12 8v8',
  strategies:
    'M4 5h16v14H4zM9 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6 16c0-1.5 1-2 3-2s3 .5 3 2M15 9h3M15 13h3',
  blocks: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  team: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6',
  keys: 'M8 19a4 4 0 1 1 3-6l9-9M16 8l3 3M13 11l2 2',
  audit: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
  settings:
    'M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  menu: 'M4 6h16M4 12h16M4 18h16',
  down: 'M6 9l6 6 6-6',
  sort: 'M8 5v14M4 9l4-4 4 4M16 19V5M12 15l4 4 4-4',
  up: 'M12 19V5M6 11l6-6 6 6',
  falling: 'M12 5v14M6 13l6 6 6-6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M4 13l5 5L20 6',
  close: 'M6 6l12 12M18 6L6 18',
  columns: 'M4 5h16v14H4zM10 5v14M15 5v14',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  plus: 'M12 5v14M5 12h14',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4l12 8-12 8z',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6',
} as const

export type IconName = keyof typeof SHAPES

/** A drawing beside words; where it stands alone, whatever holds it has a label. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  )
}
