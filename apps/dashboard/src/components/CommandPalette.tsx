import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useEnvironment } from '../api/environment.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNamed } from './named.ts'
import { ALL_PLACES, MAKERS, type Place, placeOfText } from './navigation.ts'

/** Everything by keyboard: places, things to make, and whatever has a name or an id. */
export function CommandPalette() {
  const { paths } = useEnvironment()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const actionOf = ({ label, icon, to }: Place): SpotlightActionData => ({
    id: label,
    label,
    leftSection: <Icon name={icon} />,
    onClick: () => void navigate({ to: to(paths) }),
  })
  const typed = placeOfText(query, paths)
  const jump: SpotlightActionData[] = typed
    ? [
        {
          id: 'typed',
          label: typed.label,
          keywords: query, // so that it is always among what is found
          leftSection: <Icon name="search" />,
          onClick: () => void navigate({ to: typed.to }),
        },
      ]
    : []
  const named = useNamed(query).map(
    ({ id, kind, name, icon, to }): SpotlightActionData => ({
      id: `${kind} ${id}`,
      label: name,
      description: `${kind} ${id}`,
      leftSection: <Icon name={icon} />,
      onClick: () => void navigate({ to }),
    }),
  )
  const places = [...ALL_PLACES, ...MAKERS].map(actionOf)
  return (
    <Spotlight
      actions={[...places, ...named, ...jump]}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', '/']}
      nothingFound="Nothing by that name"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        placeholder: 'A page, a name, or an id…',
        'aria-label': 'Search',
        leftSection: <Icon name="search" />,
      }}
    />
  )
}
