import { TextInput, type TextInputProps } from '@mantine/core'

/** A number as it is typed: a text, since a float would lose digits. */
export function DecimalField({
  onChange,
  ...rest
}: Omit<TextInputProps, 'onChange'> & { readonly onChange: (text: string) => void }) {
  return (
    <TextInput
      inputMode="decimal"
      {...rest}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
