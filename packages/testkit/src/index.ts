export * from './database.ts'
export * from './port.ts'
export * from './redis.ts'
