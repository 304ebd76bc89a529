import { Autocomplete, type AutocompleteProps, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answered } from '../api/client.ts'
import { type Environment, useEnvironment } from '../api/environment.tsx'

const TYPING_MS = 150
const CUSTOMERS_SHOWN = 8

/** The id of a customer, typed, or chosen among those whose id or name holds what is typed. */
export function CustomerField({
  value = '',
  ...rest
}: Pick<
  AutocompleteProps,
  'label' | 'description' | 'error' | 'value' | 'onChange' | 'onFocus' | 'onBlur'
>) {
  const [search] = useDebouncedValue(value.trim(), TYPING_MS)
  const { data: found = [] } = useQuery(customersQuery(useEnvironment(), search))
  const names = new Map(found.map(({ customerId, name }) => [customerId, name]))
  const isChosen = names.size === 1 && names.has(value.trim())
  return (
    <Autocomplete
      label="Customer"
      placeholder="user_123"
      {...rest}
      value={value}
      data={isChosen ? [] : [...names.keys()]} // a list of what stands in the field hides what is below it
      filter={({ options }) => options} // the server has searched the names as well
      renderOption={({ option }) => (
        <span>
          <bdi>{option.value}</bdi>{' '}
          <Text span size="xs" c="dimmed">
            <bdi>{names.get(option.value)}</bdi>
          </Text>
        </span>
      )}
    />
  )
}

/** The first customers whose name or id holds the text. */
export function customersQuery({ api, key }: Environment, search: string) {
  return {
    queryKey: [...key, 'customers', 'named', search],
    queryFn: async () => {
      const query = { ...(search === '' ? {} : { search }), limit: CUSTOMERS_SHOWN }
      return (await answered(api.GET('/api/v1/customers', { params: { query } }))).data
    },
    placeholderData: keepPreviousData,
  }
}
