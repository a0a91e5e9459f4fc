/**
 * The body as text: by its byte order mark, else by the charset that Content-Type names (RFC 9110 8.3.2), else by its XML
 * declaration (RFC 7303 3) or, in HTML, by a meta element among the first 1024 octets, else as UTF-8. What is no text becomes
 * U+FFFD.
 */
export function decodeText(content: Buffer, contentType: string | undefined): string {
  const type = contentType ?? ''
  const named = markOf(content) ?? charsetIn(type) ?? xmlCharset(content, type) ?? metaCharset(content, type) ?? 'utf-8'
  try {
    return new TextDecoder(named).decode(content)
  } catch {
    return content.toString('utf8')
  }
}

// https://encoding.spec.whatwg.org/#bom-sniff: a mark is worth more than what is said elsewhere.
function markOf(content: Buffer): string | undefined {
  const [first, second, third] = content
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined
}

function charsetIn(text: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(text)?.[1]
}

const sniffedBytes = 1024

function xmlCharset(content: Buffer, contentType: string): string | undefined {
  if (!/^\s*[^;]*[/+]xml\b/i.test(contentType)) return undefined
  const start = content.toString('latin1', 0, sniffedBytes)
  const named = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1]
  return named === undefined ? undefined : readable(named)
}

function metaCharset(content: Buffer, contentType: string): string | undefined {
  if (!/^\s*(?:text\/html|application\/xhtml)/i.test(contentType)) return undefined
  const start = content.toString('latin1', 0, sniffedBytes)
  for (const [meta] of start.matchAll(/<meta\s[^>]*/gi)) {
    const found = /charset\s*=\s*["']?([^\s"';/>]+)/i.exec(meta)?.[1]
    if (found !== undefined) return readable(found)
  }
  return undefined
}

/** A text in which its charset can be read is not UTF-16, whatever it says (WHATWG HTML, prescan). */
function readable(charset: string): string {
  return /^utf-16/i.test(charset) ? 'utf-8' : charset
}
