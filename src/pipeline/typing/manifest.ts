/** The columns of a row's type. */
export type ColumnOf<Row> = keyof Row & string;

/** The columns that may hold a value of some type: those of it, and those of which nothing is known. */
export type ColumnHolding<Row, Value> = { [Name in keyof Row]: Value extends Row[Name] ? Name : never }[keyof Row] & string;

/** What `pipeline.yaml` names of the columns of a relation, so that the type check finds a column that was renamed or retyped. */
export interface Manifest<Row, Label> {
  readonly key: readonly ColumnOf<Row>[];
  readonly entity: readonly ColumnOf<Row>[];
  readonly time?: ColumnHolding<Row, string>;
  readonly label: ColumnHolding<Row, Label>;
  /** In the model's order: numbers, then categories. */
  readonly features: {
    readonly number: readonly ColumnHolding<Row, number>[];
    readonly category: readonly ColumnHolding<Row, string>[];
  };
  readonly slices: readonly ColumnOf<Row>[];
  readonly weight?: ColumnHolding<Row, number>;
  readonly rule?: ColumnOf<Row>;
}
