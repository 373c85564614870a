/** Columns that the job makes itself. A column of the source that is called like one of them gets another name in `features`. */
const MADE = ['fold', 'label_known', 'label_known_day', 'row_key', 'row_content'];
/** Columns that stand beside a row's key when it is scored. */
const STAGED = ['as_of', 'run_id', 'score', 'class', 'rank'];
/** As `pipeline.yaml` accepts columns. */
const ACCEPTED = /^[ -~\u00a0-\uffff]{1,200}$/;

/** Whether `types:` can name a column: one that it cannot is read as text, or as what its place says. */
export function isDeclarable(name: string): boolean {
  return ACCEPTED.test(name) && name !== '__proto__';
}

/**
 * Whether a script can name a column: not where its templates would take the name for an output, and SQLite does not find
 * columns of a view that are called true or false.
 */
export function isWritable(name: string): boolean {
  return !/\{\{|\{%|\0|^(?:true|false)$/i.test(name);
}

/** Gives each column of the source, and each one made of it, a name in `features`; none twice, whatever the case. */
export class OutputNames {
  readonly #taken = new Set(MADE);
  readonly #keys = new Map<string, string>();

  /** The name that a key was given. */
  ofKey(column: string): string {
    return this.#keys.get(column) ?? this.key(column);
  }

  /** A key's name may not be one of the columns that are staged beside it. */
  key(column: string): string {
    const name = this.#take(fits(column) && !STAGED.includes(column.toLowerCase()) && !column.toLowerCase().startsWith('score_') ? column : `key_${plainOf(column)}`);
    this.#keys.set(column, name);
    return name;
  }

  of(column: string): string {
    return this.#take(fits(column) ? column : plainOf(column));
  }

  #take(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name.toLowerCase()); n++) name = `${wanted.slice(0, 190)}_${n}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

function fits(column: string): boolean {
  return ACCEPTED.test(column) && isWritable(column) && column.trim() === column && !(column in {});
}

/** The letters and digits of a name, with _ between them. */
export function plainOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 60);
  return /^[A-Za-z]/.test(plain) && !(plain in {}) ? plain : `column_${plain === '' ? 'x' : plain}`;
}
