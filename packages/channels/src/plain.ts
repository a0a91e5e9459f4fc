/**
 * The text on one line: line ends, control characters, and what turns the direction of writing or cannot be seen (RTL marks, zero
 * widths), become one space.
 */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** At most so many UTF-16 units, with an ellipsis in place of what is left out; no character is cut in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The text escaped, and cut before that so that what comes out is at most `max` long: no escape is cut in two. */
export function fit(text: string, max: number, escape: (text: string) => string): string {
  let kept = max
  for (let out = escape(cut(text, kept)); ; out = escape(cut(text, kept))) {
    if (out.length <= max || kept <= 1) return out.slice(0, max)
    kept -= Math.max(1, Math.ceil((out.length - max) / 2))
  }
}

/** At most so many bytes of UTF-8; no character is cut in two. */
export function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const kept = Buffer.from(text).subarray(0, maxBytes - 3)
  return `${kept.toString('utf8').replace(/\ufffd+$/, '')}…`
}

/** A backslash before everything that means something in Markdown, and no mention of people. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&').replaceAll('@', '@\u200b')
}

/** For HTML, in text and in attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
