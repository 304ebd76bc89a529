/** A value that a metadata property is compared with. */
export type FilterValue = string | number | boolean

/** One comparison of a metadata property, named key by key. */
export type Condition =
  | {
      readonly property: readonly string[]
      readonly operator: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'
      readonly value: FilterValue
    }
  | {
      readonly property: readonly string[]
      readonly operator: 'contains' | 'not_contains'
      readonly value: string
    }
  | {
      readonly property: readonly string[]
      readonly operator: 'in'
      readonly value: readonly FilterValue[]
    }
  | { readonly property: readonly string[]; readonly operator: 'exists' }

/** Which events a meter counts. */
export type Filter =
  | Condition
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
