export * from './document-secrets.ts'
export * from './kept-secret.ts'
export * from './seal.ts'
export * from './token.ts'
