import { answered } from '../../api/client.ts'
import type { Coupon } from '../../api/records.ts'
import { ArchiveButton } from '../../components/ArchiveButton.tsx'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, StateBadge, Time } from '../../ui/values.tsx'
import { couponWords } from './coupon-values.ts'

export const couponsList: ListDefinition<Coupon> = {
  name: 'coupons',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/coupons', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'name', header: 'Coupon', value: ({ name }) => name },
    {
      id: 'key',
      header: 'Key',
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
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
    {
      id: 'state',
      header: 'State',
      value: ({ archivedAt }) => (archivedAt === null ? 'active' : 'archived'),
      cell: ({ archivedAt }) => <StateBadge state={archivedAt === null ? 'active' : 'archived'} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (coupon) => (
        <ArchiveButton
          named={coupon}
          meaning="Nobody gets it any more. Whoever has it keeps it."
          archive={({ environment, headers }) =>
            answered(
              environment.api.POST('/api/v1/coupons/{coupon}/archive', {
                ...{ params: { path: { coupon: coupon.id } }, headers },
              }),
            )
          }
        />
      ),
    },
  ],
}
