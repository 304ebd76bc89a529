import { Alert, Button, Drawer, Stack, Text } from '@mantine/core'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { InvoiceVerification } from '../../api/records.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Facts } from '../../ui/page.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Id, StateBadge } from '../../ui/values.tsx'

/** Computes the invoice again from its events, and shows whether it comes to the same. */
export function VerifyInvoice({ invoiceId }: { readonly invoiceId: string }) {
  const verify = useAction((_: undefined, { environment, headers }) =>
    answered(
      environment.api.POST('/api/v1/invoices/{invoiceId}/verify', {
        params: { path: { invoiceId } },
        headers,
      }),
    ),
  )
  const isShown = verify.isSuccess || verify.isError
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={verify.isPending}
        onClick={() => verify.mutate(undefined)}
      >
        Verify
      </Button>
      <Drawer
        opened={isShown}
        onClose={verify.reset}
        position="right"
        size="lg"
        title="Computed again from the events"
      >
        {verify.error && <ErrorState error={verify.error} />}
        {verify.data && <Verdict verification={verify.data} />}
      </Drawer>
    </>
  )
}

function Verdict({ verification }: { readonly verification: InvoiceVerification }) {
  const { verified, lines, differences, digests } = verification
  return (
    <Stack gap="md">
      <Alert
        color={verified ? 'green' : 'red'}
        title={verified ? 'It comes to exactly the same' : 'It comes to something else'}
      >
        {verified
          ? 'Every line was reckoned anew from the events that it counts, at the prices of then.'
          : `${differences.length} figures differ. What is stored is left as it is.`}
      </Alert>
      <Facts
        facts={{
          Digest: digests.stored ? <Id value={digests.stored} /> : '–',
          'Events of transactions before': verification.usageBefore,
        }}
      />
      <DataTable
        label="Lines"
        rows={lines}
        rowId={({ lineNo }) => String(lineNo)}
        columns={[
          { id: 'line', header: 'Line', value: ({ description }) => description },
          {
            id: 'matches',
            header: 'Comes to',
            value: ({ matches }) => String(matches),
            cell: ({ matches }) => (
              <StateBadge
                state={matches ? 'verified' : 'failed'}
                label={matches ? 'the same' : 'something else'}
              />
            ),
          },
        ]}
      />
      {differences.map(({ field, stored, recomputed, lineNo }) => (
        <Text key={`${lineNo} ${field}`}>
          {lineNo === null ? 'Invoice' : `Line ${lineNo}`}, {field}: stored {stored ?? 'nothing'},
          now {recomputed ?? 'nothing'}
        </Text>
      ))}
    </Stack>
  )
}
