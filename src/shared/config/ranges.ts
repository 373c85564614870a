/** What is needed of a configuration to look at the ranges of a batch's columns. */
interface Ranged {
  readonly sources: Readonly<Record<string, { readonly types: Readonly<Record<string, string>> }>>;
  readonly score: {
    readonly table?: string | undefined;
    readonly range?: Readonly<Record<string, Range>> | undefined;
  };
}

interface Range {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
}

/** What `score.range` must be and is not: of columns that the batch's table declares, as numbers or dates, the least first. */
export function rangeFaults({ sources, score: { table, range = {} } }: Ranged): readonly string[] {
  const names = Object.keys(sources);
  const types = sources[table ?? (names.length === 1 ? (names[0] ?? '') : '')]?.types;
  return Object.entries(range).flatMap(([column, bounds]) => {
    if (types === undefined) return ['a score.table, whose columns have the ranges'];
    const fault = faultOf(bounds, types[column]);
    return fault === undefined ? [] : [`${column}: ${fault}${types[column] === undefined ? ` (there are ${Object.keys(types).join(', ')})` : ''}`];
  });
}

function faultOf({ min, max }: Range, type: string | undefined): string | undefined {
  const held = type === 'integer' || type === 'number' ? 'number' : type === 'date' || type === 'timestamp' ? 'string' : undefined;
  if (held === undefined) return 'a column that types: of its source declares as integer, number, date or timestamp';
  if ([min, max].some((bound) => bound !== undefined && typeof bound !== held)) return `bounds that are ${held === 'number' ? 'numbers' : 'dates such as 2001-06-10'}`;
  return min !== undefined && max !== undefined && min > max ? 'a min that is at most the max' : undefined;
}
