import { fitted, type Ink } from './ink.ts'

const maxLines = 5
// The result keeps no more octets of it.
const maxShown = 1024

/** The first lines of what a service sent, each on a line of its own and none of them obeyed. */
export function drawReceived(received: string, ink: Ink): string[] {
  const lines = received.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const more = lines.length - maxLines
  return [
    ink.faint(received.length < maxShown ? 'received' : 'received, the beginning'),
    ...lines.slice(0, maxLines).map((line) => `  ${fitted(line, ink.columns - 2)}`),
    ...(more > 0 ? [ink.faint(`  and ${more} more ${more === 1 ? 'line' : 'lines'}`)] : []),
  ]
}
