/** What NSEC or NSEC3 records of a zone prove of a name. */
export type Proofs = {
  /** That it has no record of the type, and whether it is delegated to another zone. */
  noData(name: string, type: string): Denial | undefined
  /** That it does not exist. */
  noName(name: string): Denial | undefined
  /** That only the wildcard with so many labels can have answered for it. */
  noCloser(name: string, wildcardLabels: number): Denial | undefined
}

export type Denial = {
  /** An unsigned delegation may lie there all the same (RFC 5155 6), so that nothing is certain. */
  optOut: boolean
  /** The name is that of a zone below. */
  delegation: boolean
}

/** Whether records of a name above another say nothing of it: it was delegated or redirected there (RFC 6840 4.1, 4.4). */
export function endsAuthority(types: readonly string[]): boolean {
  return types.includes('DNAME') || (types.includes('NS') && !types.includes('SOA'))
}

/** What a record for the name itself, with these types, says of a type; undefined when it denies nothing. */
export function denialByTypes(types: readonly string[], type: string, isRoot: boolean): Denial | undefined {
  if (types.includes(type) || types.includes('CNAME')) return undefined
  const delegation = types.includes('NS') && !types.includes('SOA')
  // At a zone cut there are two such records: the parent's speaks of DS alone, the child's of all else (RFC 4035 5.4).
  if (type === 'DS' ? types.includes('SOA') && !isRoot : delegation) return undefined
  return { optOut: false, delegation }
}

/** The wildcard directly below a name. */
export function wildcardOf(name: string): string {
  return name === '.' ? '*' : `*.${name}`
}
