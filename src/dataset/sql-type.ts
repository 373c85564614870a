/** The kinds that a column may be declared as, whatever an engine or a file calls them. */
export type SqlType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'timestamp';

/** How a column of a declared type is held in memory: dates and timestamps as ISO text, booleans as 0 and 1. */
export function storageOf(type: SqlType): 'number' | 'text' {
  return type === 'integer' || type === 'number' || type === 'boolean' ? 'number' : 'text';
}
