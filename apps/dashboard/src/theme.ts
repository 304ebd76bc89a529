import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Indigo; 6 is for light backgrounds and 4 for dark ones, both above 4.5:1. */
const accent: MantineColorsTuple = [
  '#eef0ff',
  '#dcdffb',
  '#b7bcf3',
  '#9097ec',
  '#7f86ec',
  '#5c61de',
  '#4c4fd6',
  '#3f42bd',
  '#3739a8',
  '#2d2f92',
]

const gray: MantineColorsTuple = [
  '#f8f9fa',
  '#f1f2f4',
  '#e6e8eb',
  '#d9dce1',
  '#c3c8d0',
  '#8e95a1',
  '#676f7d',
  '#4d5562',
  '#333a45',
  '#1c2129',
]

const dark: MantineColorsTuple = [
  '#e4e6ea',
  '#c3c8d0',
  '#a2a9b5',
  '#6d7583',
  '#3a404b',
  '#2c313a',
  '#20242b',
  '#181b21',
  '#121419',
  '#0c0e11',
]

const CLOSE = { 'aria-label': 'Close' }

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent, gray, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 8,
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, multiline: true } },
    Modal: {
      defaultProps: { transitionProps: { duration: 120 }, centered: true, closeButtonProps: CLOSE },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: CLOSE } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
  },
})
