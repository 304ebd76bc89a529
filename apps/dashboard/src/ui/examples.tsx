import { Tabs } from '@mantine/core'
import { CodeBlock } from './code-block.tsx'

/** The same in several languages, of which one is shown. */
export function Examples({ examples }: { readonly examples: Readonly<Record<string, string>> }) {
  const [first = null] = Object.keys(examples)
  return (
    <Tabs defaultValue={first} mt="md" component="div">
      <Tabs.List>
        {Object.keys(examples).map((language) => (
          <Tabs.Tab key={language} value={language}>
            {language}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(examples).map(([language, text]) => (
        <Tabs.Panel key={language} value={language} pt="xs">
          <CodeBlock label={`With ${language}`} text={text} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
