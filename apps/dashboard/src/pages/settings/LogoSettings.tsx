import { FileButton, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { FormError } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import classes from './LogoSettings.module.css'
import { base64Of, logoRefusal } from './logo.ts'

/** The image at the head of every invoice and of the portal: shown as it is, exchanged and removed at once. */
export function LogoSettings({ hasLogo }: { readonly hasLogo: boolean }) {
  const [refusal, setRefusal] = useState<string | null>(null)
  const save = useAction(
    (logo: string | null, { environment: { api }, headers }) =>
      answered(api.PATCH('/api/v1/settings/billing', { headers, body: { logo } })),
    { onDone: () => notifications.show({ message: 'Saved' }) },
  )
  const choose = async (file: File | null): Promise<void> => {
    if (file === null) return
    save.reset()
    const why = logoRefusal(file)
    setRefusal(why)
    if (why === null) save.mutate(await base64Of(file))
  }
  return (
    <Section title="Logo">
      <Stack gap="sm" align="flex-start">
        {hasLogo && <Logo />}
        <Text c="dimmed">
          A PNG or a JPEG of at most 256 KB, on every invoice and in the portal of your customers.
        </Text>
        <Group gap="xs">
          <FileButton
            accept="image/png,image/jpeg"
            onChange={(file) => void choose(file)}
            inputProps={{ 'aria-label': 'Image of the logo' }}
          >
            {({ onClick }) => (
              <GuardedButton
                permission="billing:write"
                variant="default"
                loading={save.isPending}
                onClick={onClick}
              >
                {hasLogo ? 'Choose another image…' : 'Choose an image…'}
              </GuardedButton>
            )}
          </FileButton>
          {hasLogo && (
            <GuardedButton
              permission="billing:write"
              variant="default"
              disabled={save.isPending}
              onClick={() => save.mutate(null)}
            >
              Remove the logo
            </GuardedButton>
          )}
        </Group>
        {refusal !== null && (
          <Text role="alert" c="var(--uf-bad-text)">
            {refusal}
          </Text>
        )}
        <FormError error={save.error} />
      </Stack>
    </Section>
  )
}

function Logo() {
  const { api, key } = useEnvironment()
  const { data } = useQuery({
    queryKey: [...key, 'settings', 'logo'],
    queryFn: () => answered(api.GET('/api/v1/settings/billing/logo')),
  })
  return (
    <div className={classes.paper}>
      {data?.image && <img className={classes.image} src={data.image} alt="Your logo" />}
    </div>
  )
}
