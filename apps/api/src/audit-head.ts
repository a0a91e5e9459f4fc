import type { Logger } from '@sonde/config'
import { auditHead, type Database } from '@sonde/db'

const hourMs = 3_600_000

/**
 * Writes the head of the audit log into the process's own log, at once and then every hour in which it grew. Where logs are shipped
 * elsewhere, whoever cuts off the end of the audit log, or writes it anew, has not done so there: `sonde audit verify --head` finds it.
 */
export function keepTellingHead(db: Database, log: Logger): { close: () => Promise<void> } {
  let told = ''
  let telling = Promise.resolve()
  const tell = async () => {
    try {
      const head = await auditHead(db)
      if (head === undefined || head === told) return
      told = head
      log.info({ head }, 'the head of the audit log, for sonde audit verify --head')
    } catch (error) {
      log.warn({ err: error }, 'the head of the audit log cannot be read')
    }
  }
  const tellAgain = () => {
    telling = telling.then(tell)
  }
  tellAgain()
  const timer = setInterval(tellAgain, hourMs).unref()
  return {
    close: () => {
      clearInterval(timer)
      return telling
    },
  }
}
