/** A text without the logins of the URLs in it: `postgres://sonde:…@host/db`. */
export function redactUrls(text: string): string {
  return text.replaceAll(/(?<=[a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/@:]{0,256}:[^\s/@]{1,512}(?=@)/gi, (login) => {
    return `${login.slice(0, login.indexOf(':'))}:…`
  })
}
