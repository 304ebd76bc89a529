import { answered } from '../../api/client.ts'
import type { Coupon } from '../../api/records.ts'
import { archiveColumns, nameColumns } from '../../components/archivable.tsx'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Time } from '../../ui/values.tsx'
import { couponWords } from './coupon-values.ts'

export const couponsList: ListDefinition<Coupon> = {
  name: 'coupons',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/coupons', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    ...nameColumns('Coupon'),
    { id: 'off', header: 'Takes off', value: couponWords },
    {
      id: 'given',
      header: 'Given',
      align: 'right',
      value: ({ redemptions }) => redemptions,
      cell: ({ redemptions, redemptionsMax }) =>
        redemptionsMax === null ? redemptions : `${redemptions} of ${redemptionsMax}`,
    },
    {
      id: 'expires',
      header: 'Until',
      value: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => <Time at={expiresAt} />,
    },
    ...archiveColumns(
      'Nobody gets it any more. Whoever has it keeps it.',
      (coupon, { environment: { api }, headers }) =>
        answered(
          api.POST('/api/v1/coupons/{coupon}/archive', { params: { path: { coupon } }, headers }),
        ),
    ),
  ],
}
