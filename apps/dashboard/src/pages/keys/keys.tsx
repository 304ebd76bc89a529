import { Modal } from '@mantine/core'
import { useState } from 'react'
import { ListPage } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { KeyOnce, ShowKey } from './KeyOnce.tsx'
import { keysList } from './keys-list.tsx'
import { NewKey } from './NewKey.tsx'

export function KeysPage() {
  const [key, setKey] = useState<string | null>(null)
  const close = (): void => setKey(null)
  return (
    <RealTime>
      <ShowKey value={setKey}>
        <ListPage
          list={keysList}
          title="API keys"
          sentence="What your programs call the API with. A key belongs to one environment, and does what its scopes say."
          action={<NewKey />}
          empty={
            <EmptyState title="There is no key yet" action={<NewKey />}>
              Your program sends usage with a key. It is shown once, so keep it where your program
              keeps its secrets.
            </EmptyState>
          }
        />
        <Modal opened={key !== null} onClose={close} title="The new key">
          {key !== null && <KeyOnce text={key} close={close} />}
        </Modal>
      </ShowKey>
    </RealTime>
  )
}
