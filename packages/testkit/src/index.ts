export * from './database.ts'
export * from './documents.ts'
export * from './port.ts'
export * from './redis.ts'
