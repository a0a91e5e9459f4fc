import type { Dialogue } from './dialogue.ts'

/** RFC 6120 5: a stream is opened, its features are waited for, and `<starttls/>` is answered with `<proceed/>`. */
export async function xmpp(dialogue: Dialogue, domain: string): Promise<void> {
  const to = domain.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`)
  dialogue.write(
    `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
  )
  const features = await dialogue.until(/<\/stream:features\s*>|<stream:features\s*\/>|<\/stream:(?:error|stream)\s*>/)
  if (!features.includes('<stream:stream')) throw dialogue.refusal('answers with what is not XMPP', features)
  if (!/<(?:\w+:)?starttls\b/.test(features)) {
    const said = features.slice(features.search(/<stream:(?:features|error)/))
    throw dialogue.refusal('offers no STARTTLS', said)
  }
  dialogue.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
  const answer = await dialogue.until(/<(?:\w+:)?(?:proceed|failure)\b[^>]*>|<\/stream:stream\s*>/)
  if (!/<(?:\w+:)?proceed\b/.test(answer)) throw dialogue.refusal('refuses STARTTLS', answer)
}
