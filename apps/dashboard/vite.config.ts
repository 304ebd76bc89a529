import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { serverAt } from './dev-server.ts'

// Where the API answers while the dashboard is worked on; `npm run dev -w apps/dashboard`.
const server = process.env.USAGEFLOW_DEV_SERVER ?? 'http://127.0.0.1:4400'

export default defineConfig({
  plugins: [react()],
  html: { cspNonce: '__NONCE__' }, // the server puts a fresh one into every page
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // nothing in `data:` addresses, which a policy would have to allow
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
  },
  server: { proxy: serverAt(server, process.env.USAGEFLOW_DEV_KEY) },
})
