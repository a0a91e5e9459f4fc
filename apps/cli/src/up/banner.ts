/** What a newcomer needs to know once everything runs: where it is, where the token lies, how to add a check. */
export function banner(where: {
  url: string
  tokenPath: string | undefined
  configPath: string | undefined
  regions: readonly string[]
  /** How `sonde` is called here: `npx sonde` in a clone, where npx finds it. */
  command: string
}): string {
  const { url, tokenPath, configPath, regions, command } = where
  const token = tokenPath === undefined ? '$SONDE_ADMIN_TOKEN' : `$(cat ${tokenPath})`
  return `
  Sonde is up at ${url}   regions: ${regions.join(', ')}

  token       ${tokenPath ?? 'SONDE_ADMIN_TOKEN, as you set it'}
  metrics     ${url}/metrics
  add a check curl -X POST ${url}/api/v1/checks -H "authorization: Bearer ${token}" \\
                -H 'content-type: application/json' \\
                -d '{"key":"my-site","kind":"http","target":"https://example.org/","interval":"10s"}'
  or as code  ${configPath ?? 'a sonde.yaml'}: edit it, then: ${command} apply -f ${configPath ?? 'sonde.yaml'}
  stop        Ctrl-C

`
}
