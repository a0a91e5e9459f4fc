import { EventEmitter } from 'node:events'

/**
 * Has a socket let go of all who listened, once it has closed. Else each probe would stay in memory, whole, until the next full collection:
 * V8 makes a function among its old objects where it is assigned to a property, every writable stream of Node has such a one
 * (`onwrite`) that knows the stream, and what an old object knows of outlives the small collections, be that object dead or not.
 */
export function letGo<Kind extends EventEmitter>(socket: Kind): Kind {
  return socket.on('close', forget)
}

// Those of a stream would do more, in a later tick, for who reads it.
const { on, removeAllListeners } = EventEmitter.prototype

function forget(this: EventEmitter): void {
  removeAllListeners.call(this)
  // To an error that comes when nobody listens any more.
  on.call(this, 'error', ignore)
}

const ignore = (): void => {}
