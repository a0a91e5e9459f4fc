import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { nodeFlags } from './e2e/sonde.ts'

type Service = {
  build?: string
  image: string
  command: string[]
  environment: Record<string, string | number>
  ports?: string[]
  restart?: string
  networks?: string[]
  healthcheck?: unknown
  depends_on?: Record<string, { condition: string }>
}

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> }
const roles = Object.entries(services).filter(([, service]) => service.image === 'sonde')
const workers = roles.filter(([name]) => name.startsWith('worker-'))

test('every part of Sonde has a service, and two regions have a worker', () => {
  expect(roles.map(([name]) => name)).toEqual([
    'migrate',
    'api',
    'scheduler',
    'ingester',
    'notifier',
    'worker-eu',
    'worker-us',
  ])
})

test.each(roles)('%s runs a role that sonde knows', (_, { command, build }) => {
  expect(['migrate', 'api', 'scheduler', 'ingester', 'notifier', 'worker']).toContain(command.join(' '))
  expect(build).toBe('.')
})

test.each(roles)('%s is given variables of the contract and Node’s own, and no others', (_, { environment }) => {
  const known = [
    'DATABASE_URL',
    'REDIS_URL',
    'SONDE_HOST',
    'SONDE_PORT',
    'SONDE_METRICS_PORT',
    'SONDE_ADMIN_TOKEN',
    'SONDE_SECRET_KEY',
    'SONDE_REGION',
    'SONDE_LOG_LEVEL',
    'NODE_OPTIONS',
  ]
  expect(known).toEqual(expect.arrayContaining(Object.keys(environment)))
})

test.each(workers)('%s has no credentials of the database and no way to it', (name, { environment, networks }) => {
  expect(Object.keys(environment)).not.toContain('DATABASE_URL')
  expect(JSON.stringify(environment)).not.toContain('POSTGRES')
  expect(networks).not.toContain('database')
  expect(environment['SONDE_REGION']).toBe(name.replace('worker-', ''))
})

test.each(roles.filter(([name]) => !name.startsWith('worker-') && name !== 'migrate'))(
  '%s starts after the migration, with database and queue up',
  (_, { depends_on }) => {
    expect(depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    })
  },
)

test.each(Object.entries(services))(
  '%s is restarted, checked, and reachable from this machine alone',
  (name, service) => {
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:5)$/)
    // The roles' healthcheck is the image's.
    if (service.image !== 'sonde') expect(service).toHaveProperty('healthcheck.test')
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  },
)

test.each(workers)('%s is the Redis user of its region, and has no other login', (name, { environment }) => {
  const region = name.replace('worker-', '')
  const password = `REDIS_PASSWORD_${region.toUpperCase()}`
  expect(environment['REDIS_URL']).toBe(`redis://${name}:\${${password}:?set it in .env}@redis:6379`)
  expect(JSON.stringify(environment).match(/REDIS_PASSWORD\w*/g)).toEqual([password])
  expect(services['redis']?.environment).toHaveProperty(password)
})

test.skipIf(spawnSync('redis-server', ['--version']).error !== undefined)(
  'the command of redis starts one that knows these users, and wants a password of everybody',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonde-compose-'))
    // As in its container, but on a socket in a folder, and to its end: redis-server runs for as long as redis-cli asks.
    const socket = join(folder, 'redis.sock')
    const command = services['redis']?.command
      .join(' ')
      .replaceAll('/tmp/users.acl', join(folder, 'users.acl'))
      .replace('/etc/sonde/users.sh', join(root, 'redis/users.sh'))
      .replace('exec docker-entrypoint.sh', '')
    const names = ['REDIS_PASSWORD', 'REDIS_PASSWORD_EU', 'REDIS_PASSWORD_US']
    const ask = `redis-cli -s ${socket}`
    const { stdout } = spawnSync(
      'sh',
      [
        '-c',
        `${command} --port 0 --unixsocket ${socket} --dir ${folder} > /dev/null &
         until ${ask} PING > /dev/null 2>&1; do sleep 0.05; done
         ${ask} PING; ${ask} --user worker-eu -a REDIS_PASSWORD_EU PING; ${ask} --user worker-us -a wrong PING
         ${ask} -a REDIS_PASSWORD ACL USERS; ${ask} -a REDIS_PASSWORD CONFIG GET maxmemory-policy
         ${ask} -a REDIS_PASSWORD SHUTDOWN NOSAVE; wait`,
      ],
      {
        encoding: 'utf8',
        timeout: 10_000,
        env: { ...process.env, ...Object.fromEntries(names.map((name) => [name, name])) },
      },
    )
    rmSync(folder, { recursive: true })
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
      'NOAUTH Authentication required.',
      'PONG',
      'NOAUTH Authentication required.',
      'default',
      'worker-eu',
      'worker-us',
      'maxmemory-policy',
      'noeviction',
    ])
  },
)

test('Redis never evicts what BullMQ keeps in it', () => {
  expect(services['redis']?.command.join(' ')).toContain('--maxmemory-policy noeviction')
})

test('.env.example names every variable that is required', () => {
  const required = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name)
  const given = [...read('.env.example').matchAll(/^(\w+)=./gm)].map(([, name]) => name)
  expect(given).toEqual(expect.arrayContaining([...new Set(required)]))
})

test('Prometheus asks for the names that the services have', () => {
  const { scrape_configs } = parse(read('prometheus/prometheus.yml')) as {
    scrape_configs: { job_name: string; dns_sd_configs?: { names: string[] }[] }[]
  }
  const asked = scrape_configs.find(({ job_name }) => job_name === 'sonde-roles')?.dns_sd_configs?.[0]?.names
  const serving = roles.map(([name]) => name).filter((name) => name !== 'migrate' && name !== 'api')
  expect(asked).toEqual(serving)
})

test('the image has the Node that the repository pins', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { node: string } }
  const versions = [...read('Dockerfile').matchAll(/^FROM node:(\d+\.\d+\.\d+)-/gm)].map(([, version]) => version)
  expect(new Set(versions)).toEqual(new Set([dependencies.node]))
})

test('the image starts Node with the flags that the command has', () => {
  const image = read('Dockerfile').match(/ENTRYPOINT \[([^\]]*)\]/)?.[1] ?? ''
  expect(image.match(/--[a-z-]+(?:=[\w-]+)?/g)).toEqual(nodeFlags(undefined))
})

// Docker's plugin where there is one, else Debian's docker-compose: neither needs an engine to read a file.
const command = [['docker', 'compose'], ['docker-compose']].find(
  ([program = '', ...args]) => spawnSync(program, [...args, 'version']).status === 0,
)

describe.skipIf(command === undefined)('docker compose config', () => {
  test('accepts the file with .env.example', () => {
    const { status, stderr } = compose('.env.example')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('says which variable is missing without it', () => {
    // An empty file: Debian's version takes no device for one.
    const { status, stderr } = compose('test/compose.empty.env')
    expect(stderr).toMatch(/\w+ is missing a value:.* set it in \.env|Missing mandatory value for .*set it in \.env/)
    expect(status).not.toBe(0)
  })
})

function compose(envFile: string) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SONDE|POSTGRES|REDIS|GRAFANA)_/.test(name)),
  )
  const [program = '', ...args] = command ?? []
  return spawnSync(program, [...args, '--env-file', envFile, 'config', '--quiet'], {
    cwd: root,
    encoding: 'utf8',
    env,
  })
}
