import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { type AuditEntry, keysQuery, membersQuery } from '../../api/organization.ts'

export type Actors = {
  /** As a list offers them. */
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** A name of whoever did it; the id, where nobody has it any more. */
  nameOf(actor: AuditEntry['actor']): string
}

/** Members and keys as they are called here; of others the log says the address or name. */
export function useActors(): Actors {
  const environment = useEnvironment()
  const { data: members } = useQuery(membersQuery(environment))
  const { data: keys } = useQuery(keysQuery(environment))
  return useMemo(() => {
    const options = [
      ...(members ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
      ...(keys ?? []).map(({ id, name, mode, lastFour }) => ({
        value: id,
        label: `Key ${name} (${mode}, …${lastFour})`,
      })),
    ]
    const names = new Map(options.map(({ value, label }) => [value, label]))
    return {
      options,
      nameOf: ({ kind, id, name }) =>
        kind === 'customer' ? `Customer ${id}` : (names.get(id) ?? name ?? id),
    }
  }, [members, keys])
}
