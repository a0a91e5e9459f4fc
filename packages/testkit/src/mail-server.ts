import { existsSync } from 'node:fs'
import type { KeyPair } from './certificates.ts'
import { temporaryFolder } from './openssl.ts'
import { freePort, listens } from './port.ts'
import { startProgram } from './program.ts'

/** Where Debian's libnginx-mod-mail puts its module. */
const mailModule = '/usr/lib/nginx/modules/ngx_mail_module.so'

/** Whether nginx can be a mail server here, for the tests that run it. */
export const hasMailServer = existsSync(mailModule)

export type MailServer = AsyncDisposable & Record<'smtp' | 'imap' | 'pop3', number>

/** Debian's nginx as a mail proxy with STARTTLS, at a port a protocol; nobody can log in, which nobody needs to. */
export async function startMailServer({ cert, key, chain = [] }: KeyPair & { chain?: string[] }): Promise<MailServer> {
  const folder = await temporaryFolder()
  const [smtp, imap, pop3] = [await freePort(), await freePort(), await freePort()]
  const config = `
load_module ${mailModule};
daemon off;
pid ${folder.path}/pid;
error_log stderr;
events {}
mail {
  server_name mail.example;
  auth_http 127.0.0.1:9/;
  ssl_certificate ${await folder.write('cert.pem', [cert, ...chain].join('\n'))};
  ssl_certificate_key ${await folder.write('key.pem', key)};
  starttls on;
  server { listen 127.0.0.1:${smtp}; protocol smtp; }
  server { listen 127.0.0.1:${imap}; protocol imap; }
  server { listen 127.0.0.1:${pop3}; protocol pop3; }
}`
  const args = ['-p', folder.path, '-e', 'stderr', '-c', await folder.write('nginx.conf', config)]
  // One process, as a killed parent would leave its worker behind.
  const program = await startProgram('nginx', [...args, '-g', 'master_process off;'], () => listens(pop3))
  const dispose = async (): Promise<void> => {
    await program[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  }
  return { smtp, imap, pop3, [Symbol.asyncDispose]: dispose }
}
