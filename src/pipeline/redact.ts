import { type ErrorDetails, NightshiftError } from '../shared/errors.ts';
import { Mask } from '../shared/sensitive.ts';
import type { Row, Scalar, Warehouse } from '../warehouse/warehouse.ts';
import type { StepContext } from './context.ts';

/** What is told of an error. */
type Details = Omit<ErrorDetails, 'cause'> & { readonly stack?: string | undefined };

/** Shorter values than this cannot be told from anything else; under their own names they are hidden all the same. */
const SHORTEST = 4;
const QUOTED = /'[^'\n]+'|"[^"\n]+"|`[^`\n]+`/g;
const NOT_SHOWN = '(not shown)';

/**
 * Keeps the values of sensitive columns out of what a step shows: by the column's name, and, since a query may call it
 * otherwise, by looking whether a value contains one that a source or a relation of the night holds.
 */
export class Redactor {
  readonly #step: StepContext;
  readonly #mask: Mask;
  #holders: Promise<readonly string[]> | undefined;

  /** `folder` holds the key of the hashes. */
  constructor(step: StepContext, folder = step.run.places.data) {
    this.#step = step;
    this.#mask = new Mask(step.config.sensitive, folder);
  }

  /** A row as it may be shown: `name=value`, comma-separated. */
  async row(row: Row): Promise<string> {
    const cells: string[] = [];
    for (const [name, value] of Object.entries(row)) cells.push(`${name}=${value === null ? 'missing' : await this.value(name, value)}`);
    return cells.join(', ');
  }

  /** A message with every quoted piece masked that contains a sensitive value. */
  async text(text: string): Promise<string> {
    if (this.#step.config.sensitive.length === 0) return text;
    const pieces = [...new Set(text.match(QUOTED) ?? [])].map((quoted) => quoted.slice(1, -1));
    let shown = text;
    for (const piece of pieces) if (await this.#contains(piece)) shown = shown.replaceAll(piece, this.#mask.hash(piece));
    return shown;
  }

  /** What a person is told of an error. */
  async error<T extends Details>(details: T): Promise<T> {
    const found = details.found === undefined ? undefined : await this.text(details.found);
    if (found === details.found) return details;
    return { ...details, found, stack: undefined };
  }

  /** A value as it may be shown under a column's name. */
  async value(name: string, value: Exclude<Scalar, null>): Promise<string> {
    const masked = this.#mask.shown(name, value);
    if (masked !== value) return String(masked);
    return (await this.#contains(String(value))) ? this.#mask.hash(String(value)) : String(value);
  }

  async #contains(text: string): Promise<boolean> {
    if (this.#step.config.sensitive.length === 0 || text.length < SHORTEST) return false;
    const warehouse = await this.#step.warehouse();
    const { literal } = warehouse.dialect;
    const isHeld = `instr(${literal(text)}, held.value) > 0 OR instr(${literal(text.toLowerCase())}, lower(held.value)) > 0`;
    this.#holders ??= holdersOf(this.#step, warehouse);
    for (const holder of await this.#holders) {
      const [found] = await warehouse.rows(`SELECT 1 AS found FROM (${holder}) AS held WHERE length(held.value) >= ${SHORTEST} AND (${isHeld}) LIMIT 1`);
      if (found !== undefined) return true;
    }
    return false;
  }
}

/** Queries that give every value of a sensitive column, of the sources and of what the steps have made. */
async function holdersOf(step: StepContext, warehouse: Warehouse): Promise<readonly string[]> {
  const { identifier } = warehouse.dialect;
  await step.attach();
  const made = (await warehouse.tables()).filter((name) => step.run.makers[name] !== undefined);
  const holders: string[] = [];
  for (const relation of [...step.sources.map(({ name }) => name), ...made]) {
    const columns = await warehouse.columns(`SELECT * FROM ${identifier(relation)}`, relation);
    const mask = new Mask(step.config.sensitive, step.run.places.data);
    for (const { name } of columns.filter((column) => mask.hides(column.name))) holders.push(`SELECT CAST(${identifier(name)} AS TEXT) AS value FROM ${identifier(relation)}`);
  }
  return holders;
}

/** An error without anything that it quotes, and why. */
export function withoutQuotes<T extends Details>(details: T, why: string): T {
  return { ...details, found: `${details.found?.replaceAll(QUOTED, NOT_SHOWN) ?? ''} (what it quotes is not shown: ${why.split('\n')[0]?.replaceAll(QUOTED, NOT_SHOWN)})`, stack: undefined };
}

/** An error about a value of a sensitive column, without the value. */
export function withoutSensitive<T extends Details>(details: T, sensitive: readonly string[]): T {
  if (details.column === undefined || !sensitive.some((name) => name.toLowerCase() === details.column?.toLowerCase())) return details;
  return { ...details, found: `${NOT_SHOWN}: the column is sensitive`, stack: undefined };
}

/** The same for an error that is thrown on. */
export function redacted(error: NightshiftError, sensitive: readonly string[]): NightshiftError {
  const details = withoutSensitive(error.details, sensitive);
  return details === error.details ? error : new NightshiftError(details);
}
