/** Whether a record of type `found` answers a question for `asked`. */
export function typesMatch(asked: string, found: string): boolean {
  return asked === 'ANY' || asked === found
}
