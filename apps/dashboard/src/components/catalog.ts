import { answered } from '../api/client.ts'
import type { Environment } from '../api/environment.tsx'
import type { AddOn, Coupon, Meter, Plan, TaxRate } from '../api/records.ts'

const CATALOG_ROWS = 200

/** The meters in use: an organization has dozens, not thousands. */
export function metersQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'meters', 'all'],
    queryFn: async (): Promise<readonly Meter[]> => {
      const { data } = await answered(
        api.GET('/api/v1/meters', { params: { query: { limit: CATALOG_ROWS } } }),
      )
      return data.filter(({ archivedAt }) => archivedAt === null)
    },
  }
}

/** Those that were made first come first: mostly what an organization was begun for. */
export function oldestFirst(meters: readonly Meter[]): readonly Meter[] {
  return [...meters].sort((left, right) => left.createdAt.localeCompare(right.createdAt))
}

/** The plans on sale. */
export function plansQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'plans', 'all'],
    queryFn: async (): Promise<readonly Plan[]> => {
      const { data } = await answered(
        api.GET('/api/v1/plans', { params: { query: { limit: CATALOG_ROWS } } }),
      )
      return data.filter(({ archivedAt }) => archivedAt === null)
    },
  }
}

/** All rates of tax, also those that nothing new gets. */
export function taxRatesQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'tax-rates', 'all'],
    queryFn: async (): Promise<readonly TaxRate[]> => {
      const { data } = await answered(
        api.GET('/api/v1/tax-rates', { params: { query: { limit: CATALOG_ROWS } } }),
      )
      return data
    },
  }
}

/** All add-ons, also those that nobody new gets. */
export function addOnsQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'add-ons', 'all'],
    queryFn: async (): Promise<readonly AddOn[]> => {
      const { data } = await answered(
        api.GET('/api/v1/add-ons', { params: { query: { limit: CATALOG_ROWS } } }),
      )
      return data
    },
  }
}

/** All coupons, also those that nobody new gets. */
export function couponsQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'coupons', 'all'],
    queryFn: async (): Promise<readonly Coupon[]> => {
      const { data } = await answered(
        api.GET('/api/v1/coupons', { params: { query: { limit: CATALOG_ROWS } } }),
      )
      return data
    },
  }
}
