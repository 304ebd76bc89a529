import { NAVIGATION, OTHER_PAGES } from './navigation.ts'
import { escapeHtml, type Page } from './render-page.ts'

export type Assets = { readonly style: string; readonly script: string; readonly index: string }

const DEPTH_SHOWN = 2

/** The whole document of a page. `titles` are those of all pages, by name. */
export function pageDocument(
  page: Page,
  titles: ReadonlyMap<string, string>,
  assets: Assets,
): string {
  const navigation = navigationHtml(page.name, titles)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)} · UsageFlow</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
<script src="${assets.script}"></script>
</head>
<body data-index="${assets.index}">
<a class="skip" href="#text">To the text</a>
<header class="bar">
<a class="brand" href="/docs/">UsageFlow <span>docs</span></a>
<div class="search" role="search">
<input type="search" id="search" placeholder="Search" aria-label="Search the docs" autocomplete="off" spellcheck="false" aria-controls="found">
<ul id="found" hidden></ul>
</div>
<a class="plain" href="/">Dashboard</a>
<button type="button" class="plain" id="scheme" aria-label="Light or dark">◐</button>
</header>
<div class="columns">
<nav class="pages" aria-label="Pages">${navigation}</nav>
<details class="pages-narrow"><summary>All pages</summary><nav aria-label="All pages">${navigation}</nav></details>
<main id="text">
${page.html}
</main>
${headingsHtml(page)}
</div>
</body>
</html>
`
}

function navigationHtml(current: string, titles: ReadonlyMap<string, string>): string {
  const item = (path: string, title: string, isHere: boolean) =>
    `<li><a href="${path}"${isHere ? ' aria-current="page"' : ''}>${escapeHtml(title)}</a></li>`
  const groups = NAVIGATION.map(({ title, pages }) => {
    const items = pages.map((name) =>
      item(`/docs/${name}`, titles.get(name) ?? name, name === current),
    )
    return `<h2>${title}</h2><ul>${items.join('')}</ul>`
  })
  const others = OTHER_PAGES.map(({ title, path }) => item(path, title, false))
  return `${groups.join('')}<h2>Reference</h2><ul>${others.join('')}</ul>`
}

function headingsHtml({ headings }: Page): string {
  const shown = headings.filter(({ depth }) => depth === DEPTH_SHOWN)
  if (shown.length < 2) return ''
  const items = shown.map(
    ({ text, anchor }) => `<li><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  )
  return `<aside class="headings" aria-label="On this page"><h2>On this page</h2><ul>${items.join('')}</ul></aside>`
}
