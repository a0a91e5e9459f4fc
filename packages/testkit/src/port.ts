// One for all, where the embedded database has it.
export { freePort } from '@sonde/db/embedded'
