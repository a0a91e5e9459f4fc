export * from './log.ts'
export * from './public-url.ts'
export * from './settings.ts'
export * from './variables.ts'
