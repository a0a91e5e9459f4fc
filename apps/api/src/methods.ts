import type { FastifyInstance } from 'fastify'

/** Answers which methods there are at a path, of the routes that are registered after this: for 405 and its `Allow`. */
export function methodsAt(app: FastifyInstance): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:[a-zA-Z]+/g, '[^/]+')
    routes.push({ pattern: new RegExp(`^${pattern.replaceAll('*', '.*')}$`), methods: [method].flat() })
  })
  return (path) => {
    const methods = routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []))
    return [...new Set(methods)].sort((a, b) => (a < b ? -1 : 1))
  }
}
