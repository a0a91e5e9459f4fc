// Documents with a secret in every field that may hold one, right ones and wrong ones, and a list of all secrets that are in them.

let count = 0
export const planted: string[] = []
/** A secret like no other text. */
export function canary(prefix = ''): string {
  count += 1
  const secret = `${prefix}c4n4ry${String(count).padStart(3, '0')}zq7x`
  planted.push(secret)
  return secret
}

/** Base64 has room for no word: the secret is what stands there, and what it decodes to. */
function signingSecret(): string {
  const secret = `whsec_${Buffer.from(canary().repeat(2)).toString('base64')}`
  planted.push(secret.slice('whsec_'.length))
  return secret
}

export function checks(mirror: { url: string; port: number }, keyPem: { cert: string; key: string }) {
  const usual = { interval: '1s', timeout: '500ms', alerts: { failureThreshold: 1, channels: ['webhook', 'slack'] } }
  const quoting = { assertions: [{ source: 'body', op: 'contains', value: 'what is not there' }] }
  const http = { ...usual, ...quoting, kind: 'http' }
  const tls = { certPem: keyPem.cert, keyPem: keyPem.key }
  return [
    {
      ...http,
      key: 'basic',
      target: `${mirror.url}/basic`,
      http: { auth: { basic: { username: 'watch', password: canary() } } },
    },
    { ...http, key: 'bearer', target: `${mirror.url}/redirect`, http: { auth: { bearer: canary() } } },
    {
      ...http,
      key: 'headers',
      target: `${mirror.url}/redirect`,
      http: {
        headers: { 'X-Api-Key': canary(), Cookie: `sid=${canary()}; theme=dark`, 'X-Tenant': canary(), accept: '*/*' },
        secretHeaders: ['x-tenant'],
        tls,
      },
    },
    { ...usual, key: 'tls', kind: 'tls', target: `127.0.0.1:${mirror.port}`, tls },
    { ...usual, key: 'tcp', kind: 'tcp', target: `127.0.0.1:${mirror.port}`, tcp: { tls } },
    { ...usual, key: 'dns', kind: 'dns', target: 'example.org', dns: { servers: ['udp://127.0.0.1:9'] } },
    { ...usual, key: 'icmp', kind: 'icmp', target: '127.0.0.1' },
  ]
}

export function channels({ url, port }: { url: string; port: number }) {
  const hook = () => `${url}/hook?key=${canary()}`
  const withLogin = () => {
    const password = canary()
    planted.push(Buffer.from(`user:${password}`).toString('base64'))
    return url.replace('://', `://user:${password}@`)
  }
  return [
    {
      key: 'webhook',
      kind: 'webhook',
      webhook: {
        url: `${url}/hook?api_key=${canary()}`,
        secret: signingSecret(),
        previousSecret: signingSecret(),
        headers: { Authorization: `Bearer ${canary()}` },
      },
    },
    {
      key: 'mail',
      kind: 'email',
      email: { smtp: `smtp://user:${canary()}@127.0.0.1:${port}`, from: 'a@x.example', to: ['b@x.example'] },
    },
    ...['slack', 'teams', 'discord', 'googlechat', 'mattermost'].map((kind) => ({
      key: kind,
      kind,
      [kind]: { url: hook() },
    })),
    { key: 'pagerduty', kind: 'pagerduty', pagerduty: { routingKey: canary(), url: `${withLogin()}/hook` } },
    { key: 'opsgenie', kind: 'opsgenie', opsgenie: { apiKey: canary(), url: withLogin() } },
    { key: 'telegram', kind: 'telegram', telegram: { botToken: `123456:${canary()}`, chatId: '1', url: withLogin() } },
    { key: 'ntfy', kind: 'ntfy', ntfy: { url: `${withLogin()}/hook`, token: canary('tk_') } },
    { key: 'topic', kind: 'ntfy', ntfy: { url: `${url}/${canary()}` } },
    { key: 'am', kind: 'alertmanager', alertmanager: { url: withLogin() } },
  ]
}

/** Documents that are wrong, with a secret at or beside what is wrong with them. */
export function malformed(mirror: { url: string }): [path: string, body: unknown][] {
  const check = { key: 'wrong', kind: 'http', target: mirror.url }
  return [
    ['/checks', { ...check, http: { auth: { bearer: `${canary()}\n` } } }],
    ['/checks', { ...check, http: { auth: { basic: { username: 'a', password: [canary()] } } } }],
    ['/checks', { ...check, http: { auth: canary() } }],
    ['/checks', { ...check, http: { auth: { token: canary() } } }],
    // As YAML reads `{bearer:secret}`.
    ['/checks', { ...check, http: { auth: { [`bearer:${canary()}`]: null } } }],
    ['/checks', { ...check, http: { headers: { 'x-api-key': `${canary()}\r\n` } } }],
    ['/checks', { ...check, http: [{ auth: { bearer: canary() } }] }],
    ['/checks', { ...check, target: 'no', http: { auth: { bearer: canary() } } }],
    ['/checks', { ...check, kind: 'smtp', http: { auth: { bearer: canary() } } }],
    ['/checks', { key: 'wrong', kind: 'tls', target: 'a:1', tls: { certPem: 'x', keyPem: canary() } }],
    ['/checks', [{ ...check, http: { auth: { bearer: canary() } } }]],
    ['/checks', `{"key": "wrong", "http": {"auth": {"bearer": "${canary()}"`],
    ['/channels', { key: 'wrong', kind: 'slack', slack: { url: canary() } }],
    ['/channels', { key: 'wrong', kind: 'slack', slack: canary() }],
    ['/channels', { key: 'wrong', kind: 'email', email: { smtp: `ftp://u:${canary()}@h`, from: 'a', to: 'b' } }],
    ['/channels', { key: 'wrong', kind: 'webhook', webhook: { url: 'https://h.example/', secret: canary() } }],
    ['/channels', { key: 'wrong', kind: 'telegram', telegram: { botToken: { x: canary() }, chatId: '1' } }],
    [
      '/apply',
      {
        checks: [{ ...check, http: { auth: { bearer: `${canary()} ` } } }],
        channels: [{ key: 'w', kind: 'slack', slack: { url: canary() } }],
      },
    ],
    ['/tokens', { name: 'x', scopes: ['everything'], token: canary() }],
  ]
}

/** Changes that are wrong, of what is there and holds secrets. */
export function wrongChanges(): [method: string, path: string, body: unknown][] {
  return [
    ['PATCH', '/checks/bearer', { http: { auth: { bearer: [canary()] } } }],
    ['PATCH', '/checks/basic', { http: { auth: { basic: { password: `${canary()}\n`, username: null } } } }],
    ['PATCH', '/checks/headers', { http: { headers: { 'x-tenant': `${canary()}\u0000` } } }],
    ['PUT', '/checks/bearer', { kind: 'http', target: 'no', http: { auth: { bearer: canary() } } }],
    ['PATCH', '/channels/webhook', { webhook: { secret: canary(), headers: { Authorization: 7 } } }],
    ['PUT', '/channels/telegram', { kind: 'telegram', telegram: { botToken: canary(), chatId: [] } }],
    ['POST', '/apply', { checks: [{ key: 'bearer', kind: 'http', target: 7, http: { auth: { bearer: canary() } } }] }],
    [
      'POST',
      '/apply',
      {
        defaults: { http: { auth: { bearer: `${canary()}\n` } } },
        checks: [{ key: 'w', kind: 'http', target: 'https://w.example/' }],
      },
    ],
    [
      'POST',
      '/apply',
      {
        templates: { t: { tls: { keyPem: canary() } } },
        checks: [{ key: 'w', kind: 'tls', template: 't', target: 'w.example:443' }],
      },
    ],
  ]
}
