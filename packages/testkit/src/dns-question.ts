import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type DecodedPacket, decode, encode, type RecordType } from 'dns-packet'

/** Asks a server on loopback over UDP as a plain resolver would, wanting signatures and its verdict; undefined when silent. */
export async function askDns(
  port: number,
  name: string,
  type: string,
  waitMs = 3000,
): Promise<DecodedPacket | undefined> {
  const socket = createSocket('udp4')
  try {
    socket.connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.send(
      encode({
        type: 'query',
        id: 1,
        flags: 0x100,
        questions: [{ name, type: type as RecordType }],
        additionals: [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: 4096,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0x8000,
            flag_do: true,
            options: [],
          },
        ],
      }),
    )
    const [bytes] = (await once(socket, 'message', { signal: AbortSignal.timeout(waitMs) })) as [Buffer]
    return decode(bytes)
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}
