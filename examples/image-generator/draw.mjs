// Stands for your model: the same prompt gives the same picture.
import { createHash } from 'node:crypto'

const SIZES = { standard: 512, hd: 1024 }
const CIRCLES = 10

export const QUALITIES = Object.keys(SIZES)

/** An SVG. Throws for a prompt that has no letter in it. */
export async function draw(prompt, quality) {
  if (!/\p{L}/u.test(prompt)) throw new Error('There is nothing to draw in this prompt.')
  const size = SIZES[quality]
  const bytes = createHash('sha256').update(prompt).digest()
  const circles = Array.from({ length: CIRCLES }, (_, at) => {
    const [x, y, radius] = bytes.subarray(at * 3, at * 3 + 3)
    const fill = `hsl(${(x + y) % 360} 70% 55% / 0.6)`
    return `<circle cx="${x}" cy="${y}" r="${radius / 4}" fill="${fill}"/>`
  })
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" viewBox="0 0 256 256">`
  return `${opening}${circles.join('')}</svg>\n`
}
