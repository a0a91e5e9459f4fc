import type { Scope } from '@sonde/core'

/**
 * How a route keeps to the labels of a token:
 *
 * - check: it is about the check in its path, which must be within them; what is written must stay within them;
 * - checks: what is written must be within them;
 * - incident: it is about the incident in its path, whose check must be within them;
 * - maintenance, silence: it is about the one in its path, which must be of checks within them alone, and stay so;
 * - written: what it makes must be of checks within them alone, and the database sees to it;
 * - filtered: it shows what is within them, and the query does the filtering;
 * - open: it shows what is of no team and may be seen by all;
 * - refused: it is about what is of no team, and a token with labels has no business there.
 */
export type Reach =
  | 'check'
  | 'checks'
  | 'incident'
  | 'maintenance'
  | 'silence'
  | 'written'
  | 'filtered'
  | 'open'
  | 'refused'

export type RouteAccess = {
  scope: Scope
  reach: Reach
  /** What it is called in the audit log, where it changes no row that a trigger of the database would tell of. */
  event?: 'run' | 'test' | 'replay'
}

/** What each route under /api/v1 asks of a token. A route is not to be found without; a test holds the list against the routes. */
export const routeAccess: Readonly<Record<string, RouteAccess>> = {
  'GET /checks': { scope: 'read', reach: 'filtered' },
  'POST /checks': { scope: 'write', reach: 'checks' },
  'GET /checks/:key': { scope: 'read', reach: 'check' },
  'PUT /checks/:key': { scope: 'write', reach: 'check' },
  'PATCH /checks/:key': { scope: 'write', reach: 'check' },
  'DELETE /checks/:key': { scope: 'write', reach: 'check' },
  'POST /checks/:key/run': { scope: 'run', reach: 'check', event: 'run' },
  'GET /checks/:key/results': { scope: 'read', reach: 'check' },
  'GET /checks/:key/series': { scope: 'read', reach: 'check' },
  'GET /checks/:key/status': { scope: 'read', reach: 'check' },
  'GET /status': { scope: 'read', reach: 'filtered' },
  'GET /incidents': { scope: 'read', reach: 'filtered' },
  'GET /incidents/:id': { scope: 'read', reach: 'incident' },
  'POST /incidents/:id/acknowledge': { scope: 'write', reach: 'incident' },
  'GET /certificates': { scope: 'read', reach: 'filtered' },
  'GET /slo': { scope: 'read', reach: 'filtered' },
  'GET /channels': { scope: 'read', reach: 'refused' },
  'POST /channels': { scope: 'write', reach: 'refused' },
  'GET /channels/:key': { scope: 'read', reach: 'refused' },
  'PUT /channels/:key': { scope: 'write', reach: 'refused' },
  'PATCH /channels/:key': { scope: 'write', reach: 'refused' },
  'DELETE /channels/:key': { scope: 'write', reach: 'refused' },
  'POST /channels/:key/test': { scope: 'write', reach: 'refused', event: 'test' },
  'GET /channels/:key/health': { scope: 'read', reach: 'refused' },
  'POST /channels/:key/enable': { scope: 'write', reach: 'refused' },
  'POST /channels/:key/replay': { scope: 'write', reach: 'refused', event: 'replay' },
  'GET /notifications': { scope: 'read', reach: 'refused' },
  'GET /notifications/:id': { scope: 'read', reach: 'refused' },
  'POST /notifications/:id/replay': { scope: 'write', reach: 'refused', event: 'replay' },
  'GET /maintenance': { scope: 'read', reach: 'filtered' },
  'POST /maintenance': { scope: 'write', reach: 'written' },
  'GET /maintenance/:key': { scope: 'read', reach: 'maintenance' },
  'PUT /maintenance/:key': { scope: 'write', reach: 'maintenance' },
  'PATCH /maintenance/:key': { scope: 'write', reach: 'maintenance' },
  'DELETE /maintenance/:key': { scope: 'write', reach: 'maintenance' },
  'GET /silences': { scope: 'read', reach: 'filtered' },
  'POST /silences': { scope: 'write', reach: 'written' },
  'GET /silences/:id': { scope: 'read', reach: 'silence' },
  'PUT /silences/:id': { scope: 'write', reach: 'silence' },
  'PATCH /silences/:id': { scope: 'write', reach: 'silence' },
  'DELETE /silences/:id': { scope: 'write', reach: 'silence' },
  'GET /regions': { scope: 'read', reach: 'open' },
  'GET /regions/:name': { scope: 'read', reach: 'open' },
  'PUT /regions/:name': { scope: 'write', reach: 'refused' },
  'PATCH /regions/:name': { scope: 'write', reach: 'refused' },
  'DELETE /regions/:name': { scope: 'write', reach: 'refused' },
  'POST /apply': { scope: 'write', reach: 'filtered' },
  'GET /export': { scope: 'read', reach: 'filtered' },
  'GET /audit': { scope: 'admin', reach: 'refused' },
  'GET /audit/export': { scope: 'admin', reach: 'refused' },
  'POST /audit/erase': { scope: 'admin', reach: 'refused' },
  'GET /secrets': { scope: 'admin', reach: 'refused' },
  'POST /secrets/rotate': { scope: 'admin', reach: 'refused' },
  'GET /tokens': { scope: 'admin', reach: 'refused' },
  'POST /tokens': { scope: 'admin', reach: 'refused' },
  'GET /tokens/:id': { scope: 'admin', reach: 'refused' },
  'PUT /tokens/:id': { scope: 'admin', reach: 'refused' },
  'PATCH /tokens/:id': { scope: 'admin', reach: 'refused' },
  'DELETE /tokens/:id': { scope: 'admin', reach: 'refused' },
}

/** For a route that is not on the list: what its method suggests, and nothing for a token with labels. */
export function accessOf(method: string, path: string): RouteAccess {
  const reads = method === 'GET' || method === 'HEAD'
  const listed = routeAccess[`${method === 'HEAD' ? 'GET' : method} ${path}`]
  if (listed !== undefined) return listed
  return {
    scope: reads ? 'read' : 'write',
    reach: path.startsWith('/checks/:key') ? 'check' : path.startsWith('/incidents/:id') ? 'incident' : 'refused',
  }
}
