export { migrateQueue, type QueueLocation, queueLocation } from './backend.ts'
export * from './names.ts'
export * from './payload.ts'
export * from './queues.ts'
