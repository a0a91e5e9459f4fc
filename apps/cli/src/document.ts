import { fillPlaceholders, invalid, toProblem } from '@sonde/core'
import { MistakesError } from './config/mistake.ts'
import { referenceReader } from './config/references.ts'
import { readSources } from './config/sources.ts'
import { UsageError } from './io.ts'

/**
 * Reads one YAML or JSON document from a file (`-` is stdin), with what it refers to filled in; what is no YAML is told with file,
 * line and column.
 */
export function readDocument(path: string, env: NodeJS.ProcessEnv): unknown {
  const { sources, mistakes } = readSources([path])
  if (mistakes.length > 0) throw new MistakesError(mistakes)
  const [only, second] = sources
  if (only === undefined || second !== undefined)
    throw new UsageError(`${path}: expected one document, found ${sources.length}`)
  const { value, issues } = fillPlaceholders(only.value, referenceReader(env, path))
  if (issues.length > 0) throw invalid(issues.map((issue) => toProblem(issue)))
  return value
}
