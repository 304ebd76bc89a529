// The script of the docs pages: light or dark, copying, and the search. Loaded before the page is drawn, so that
// nothing flickers; what needs the page waits for it.
const SCHEME = 'mantine-color-scheme-value' // the dashboard's own choice, so that both look alike
const FOUND_MAX = 12

const prefersDark = () => matchMedia('(prefers-color-scheme: dark)').matches
const isDark = () => {
  const chosen = localStorage.getItem(SCHEME)
  return chosen === 'dark' || (chosen !== 'light' && prefersDark())
}
const showScheme = () => {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
}
showScheme()

document.addEventListener('DOMContentLoaded', () => {
  document.getElementById('scheme').addEventListener('click', () => {
    localStorage.setItem(SCHEME, isDark() ? 'light' : 'dark')
    showScheme()
  })
  for (const block of document.querySelectorAll('.code')) addCopyButton(block)
  openSearch(document.getElementById('search'), document.getElementById('found'))
})

function addCopyButton(block) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('code').textContent)
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1_500)
  })
  block.append(button)
}

function openSearch(input, list) {
  let entries
  let chosen = 0
  const load = async () => {
    entries ??= fetch(document.body.dataset.index).then((answer) => answer.json())
    return entries
  }
  const show = async () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = words.length === 0 ? [] : ranked(await load(), words).slice(0, FOUND_MAX)
    chosen = 0
    list.hidden = words.length === 0
    list.replaceChildren(...(found.length > 0 ? found.map(entryItem) : [emptyItem()]))
    mark()
  }
  const mark = () => {
    for (const [index, item] of [...list.children].entries())
      item.classList.toggle('chosen', index === chosen)
  }
  const move = (by) => {
    chosen = Math.max(0, Math.min(list.children.length - 1, chosen + by))
    mark()
  }
  input.addEventListener('focus', load)
  input.addEventListener('input', show)
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter') list.children[chosen]?.querySelector('a')?.click()
    else if (event.key === 'Escape') list.hidden = true
    else return
    event.preventDefault()
  })
  document.addEventListener('click', (event) => {
    if (!list.contains(event.target) && event.target !== input) list.hidden = true
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === input) return
    event.preventDefault()
    input.focus()
  })
}

/** All words must occur; what begins with the first comes first, pages before their headings. */
function ranked(entries, words) {
  const [first] = words
  const rank = ({ text, to }) =>
    (text.toLowerCase().startsWith(first) ? 0 : 2) +
    (to.includes('#') ? 1 : 0) +
    (to.includes('/decisions/') ? 4 : 0)
  return entries
    .filter(({ page, text }) =>
      words.every((word) => `${page} ${text}`.toLowerCase().includes(word)),
    )
    .sort((left, right) => rank(left) - rank(right))
}

function entryItem({ page, text, to }) {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = to
  link.textContent = text
  if (page !== text) {
    const of = document.createElement('span')
    of.textContent = page
    link.append(of)
  }
  item.append(link)
  return item
}

function emptyItem() {
  const item = document.createElement('li')
  item.className = 'none'
  item.textContent = 'Nothing is called so.'
  return item
}
