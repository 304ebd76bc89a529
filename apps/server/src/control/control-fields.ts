import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'

export const tag = 'Control'

export const nameField = textField(200)

/** How a strategy or policy is called in a path or a body. */
export const refField = textField(100).meta({ description: 'Id or key' })

/** A key of the organization's choice, which no id looks like. */
export function keyField(idPrefix: string, example: string) {
  const shape = new RegExp(`^(?!${idPrefix}_)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
  return z
    .string()
    .regex(shape, `letters, digits, dots, dashes; no ${idPrefix}_…`)
    .meta({ example })
}
