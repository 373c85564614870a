/** The text of table.csv, made anew. */
export function makeTable(): string;
