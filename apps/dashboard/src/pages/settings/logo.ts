const BYTES_MAX = 256 * 1024
const TYPES: readonly string[] = ['image/png', 'image/jpeg']

/** Why a file cannot be the logo, before it is sent; null: it may. What is in it, the server looks at. */
export function logoRefusal({ name, size, type }: Pick<File, 'name' | 'size' | 'type'>) {
  if (!TYPES.includes(type)) return `${name} is neither a PNG nor a JPEG. Save it as one of these.`
  if (size > BYTES_MAX)
    return `${name} has ${Math.ceil(size / 1024)} KB. At most 256 KB are possible: make it smaller.`
  return null
}

/** The bytes of a file as the API takes them. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
