import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSecretKey } from '@sonde/secrets'
import { freePort, freshDatabase, query } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { rawClient } from './raw-client.ts'
import { runSonde, sonde, until } from './sonde.ts'

const token = 'an-admin-token-for-tests'

test('the audit log is exported, verified with and without the server, and keys are changed by command', {
  timeout: 300_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-audit-'))
  await using database = await freshDatabase()
  const port = await freePort()
  const [old, next] = [newSecretKey(), newSecretKey()]
  const env = {
    DATABASE_URL: database.url,
    SONDE_PORT: String(port),
    SONDE_ADMIN_TOKEN: token,
    SONDE_SECRET_KEY: `${next},${old}`,
  }
  const run = (...args: string[]) => runSonde(args, { env, cwd: folder })
  try {
    const client = rawClient(`http://127.0.0.1:${port}`, token)
    const check = { key: 'a', kind: 'http', target: 'https://a.example/', http: { auth: { bearer: 'secret-of-a' } } }
    {
      await using before = sonde(['api'], { env: { ...env, SONDE_SECRET_KEY: old }, cwd: folder })
      await until(
        async () => (await client.ask('GET', '/regions').catch(() => undefined))?.status === 200,
        60_000,
        before.output,
      )
      expect((await client.ask('POST', '/checks', check)).status).toBe(201)
    }
    await using api = sonde(['api'], { env, cwd: folder })
    await until(
      async () => (await client.ask('GET', '/regions').catch(() => undefined))?.status === 200,
      60_000,
      api.output,
    )
    expect(await run('secrets', 'rotate')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Sealed 1 checks and channels anew.') as string,
    })

    const verified = await run('audit', 'verify')
    expect(verified).toMatchObject({
      code: 0,
      output: expect.stringContaining('2 entries, each as it was written') as string,
    })
    const [, head = ''] = /head (\S+)/.exec(verified.output) ?? []
    const { output } = await run('audit', 'export')
    const file = join(folder, 'audit.jsonl')
    await writeFile(file, output)
    expect(await run('audit', 'verify', '-f', file, '--head', head)).toMatchObject({ code: 0 })
    await writeFile(file, (await readFile(file, 'utf8')).replace('"key":"a"', '"key":"b"'))
    expect(await run('audit', 'verify', '-f', file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('entry 1 is not as it was written') as string,
    })

    await query(database.url, 'alter table audit disable trigger user', 'delete from audit where id = 2')
    expect(await run('audit', 'verify', '--head', head)).toMatchObject({
      code: 1,
      output: expect.stringContaining('entry 2 is missing') as string,
    })
    // Who cut off the end does not keep the next from being told, and the gap shows.
    expect((await client.ask('DELETE', '/checks/a')).status).toBe(204)
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      output: expect.stringContaining('entry 2 is missing: entry 3 comes after 1') as string,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
