import path from 'node:path'
import hljs from 'highlight.js'
import { Marked, type Tokens } from 'marked'

/** A text of the guide as a page. */
export type Page = {
  /** Where it is below `/docs/`: `meters`, `decisions/0035-plans-have-no-limits`. */
  readonly name: string
  readonly title: string
  readonly html: string
  readonly headings: readonly Heading[]
}

export type Heading = { readonly text: string; readonly anchor: string; readonly depth: number }

/** Where links of the texts lead that are to no page: to the code, which is where the program came from. */
const REFERENCE = '/docs/api/'

/** Makes a page of a Markdown text whose links are to files beside it. */
export function renderPage(name: string, text: string): Page {
  const headings: Heading[] = []
  const anchors = new Map<string, number>()
  const marked = new Marked({ gfm: true })
  marked.use({
    renderer: {
      heading({ tokens, depth }) {
        const plain = plainText(this.parser.parseInline(tokens, this.parser.textRenderer))
        const anchor = anchorOf(plain, anchors)
        headings.push({ text: plain, anchor, depth })
        const inner = this.parser.parseInline(tokens)
        const link = `<a class="anchor" href="#${anchor}" aria-label="Link to ${escapeHtml(plain)}">#</a>`
        return `<h${depth} id="${anchor}">${inner}${depth > 1 ? link : ''}</h${depth}>\n`
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens)
        const target = targetOf(name, href)
        return target === null ? inner : `<a href="${escapeHtml(target)}">${inner}</a>`
      },
      code: (code) => codeHtml(code),
      table(token) {
        return `<div class="table">${tableHtml(token, (cell) => this.parser.parseInline(cell.tokens))}</div>\n`
      },
    },
  })
  const html = marked.parse(text, { async: false })
  const [title] = headings
  return { name, title: title?.text ?? name, html, headings: headings.slice(1) }
}

function tableHtml({ header, rows }: Tokens.Table, cellHtml: (cell: Tokens.TableCell) => string) {
  const row = (cells: Tokens.TableCell[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${cellHtml(cell)}</${tag}>`).join('')}</tr>`
  const isHeadless = header.every(({ text }) => text === '')
  const head = isHeadless ? '' : `<thead>${row(header, 'th')}</thead>`
  return `<table>${head}<tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`
}

/** Coloured by classes: the pages allow no styles of their own. */
function codeHtml({ text, lang }: Tokens.Code): string {
  const language = lang === 'sh' ? 'bash' : (lang ?? '')
  const inner = hljs.getLanguage(language)
    ? hljs.highlight(text, { language, ignoreIllegals: true }).value
    : escapeHtml(text)
  return `<div class="code"><pre tabindex="0"><code>${inner}</code></pre></div>\n`
}

/** As GitHub makes them, so that links work in both places. */
function anchorOf(text: string, taken: Map<string, number>): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
  const before = taken.get(plain) ?? 0
  taken.set(plain, before + 1)
  return before === 0 ? plain : `${plain}-${before}`
}

/** The address that a link of the page `from` has in the docs; null for what is not shown there. */
export function targetOf(from: string, href: string): string | null {
  if (/^(https?:|#|\/)/.test(href)) return href
  const [file = '', anchor] = href.split('#')
  const place = path.posix.join('docs/guide', path.posix.dirname(from), file)
  const suffix = anchor === undefined ? '' : `#${anchor}`
  if (place === 'docs/reference' || place === 'docs/reference/') return REFERENCE
  const [, name] = /^docs\/guide\/(.+)\.md$/.exec(place) ?? []
  if (name !== undefined) return `/docs/${name === 'README' ? '' : name}${suffix}`
  const [, decision] = /^docs\/(decisions\/.+)\.md$/.exec(place) ?? []
  if (decision !== undefined) return `/docs/${decision}${suffix}`
  const [, beside] = /^docs\/guide\/(decisions\/.+)\.md$/.exec(place) ?? []
  return beside === undefined ? null : `/docs/${beside}${suffix}`
}

function plainText(html: string): string {
  return html
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
}

export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '&#39;',
  )
}
