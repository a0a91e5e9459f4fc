import generate, { astToString } from 'openapi-typescript'

/** The types of a client for an OpenAPI document, as the text of a declaration file: the same for the same document. */
export async function clientTypes(document: object): Promise<string> {
  // It changes what it is given.
  const ast = await generate(structuredClone(document) as Parameters<typeof generate>[0], {
    alphabetize: true,
    // Who asks may leave out what has a default.
    defaultNonNullable: false,
  })
  const note =
    '// Made from the description of the API by test/api-document.test.ts, which says how to make it anew.\n\n'
  return note + astToString(ast)
}
