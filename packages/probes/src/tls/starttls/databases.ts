import type { Dialogue } from './dialogue.ts'

/** SSLRequest of the PostgreSQL protocol (55.2.10): one octet comes back, `S` or `N`, or `E` of a server too old to know it. */
export async function postgres(dialogue: Dialogue): Promise<void> {
  dialogue.write(Buffer.from('0000000804d2162f', 'hex'))
  const answer = String.fromCharCode((await dialogue.bytes(1))[0] ?? 0)
  if (answer === 'S') return
  if (answer === 'N') throw dialogue.refusal('has TLS switched off', 'N')
  throw dialogue.refusal('answers with what is not PostgreSQL', answer)
}

const protocolVersion = 10
const clientSsl = 0x0800
const clientProtocol41 = 0x0200
const clientSecureConnection = 0x8000

/** MySQL and MariaDB: the server greets with what it can do, and an SSLRequest turns the connection to TLS. */
export async function mysql(dialogue: Dialogue): Promise<void> {
  const header = await dialogue.bytes(4)
  const greeting = await dialogue.bytes(header.readUIntLE(0, 3))
  if (greeting[0] === 0xff) throw dialogue.refusal('greets with an error', greeting.toString('latin1', 3))
  const version = greeting.indexOf(0, 1)
  // Version, connection id, eight bytes of salt and a filler lie before what it can do.
  const at = version + 1 + 4 + 8 + 1
  if (greeting[0] !== protocolVersion || version === -1 || greeting.length < at + 2) {
    throw dialogue.refusal('greets with what is not MySQL', greeting.toString('latin1', 0, 60))
  }
  if ((greeting.readUInt16LE(at) & clientSsl) === 0) {
    throw dialogue.refusal('has TLS switched off', `version ${greeting.toString('latin1', 1, version)}`)
  }
  const request = Buffer.alloc(36)
  request.writeUIntLE(32, 0, 3)
  request.writeUInt8((header[3] ?? 0) + 1, 3)
  request.writeUInt32LE(clientSsl | clientProtocol41 | clientSecureConnection, 4)
  request.writeUInt32LE(0xff_ffff, 8)
  request.writeUInt8(45, 12) // utf8mb4
  dialogue.write(request)
}
