/** How much of a batch file is borne. What goes beyond is refused or rejected by an error that names the limit. */
export interface Limits {
  /** Bytes of one record, in UTF-8. The file is refused at a larger one: its end may never come. */
  readonly row_bytes: number;
  /** Columns of the file, known from its header. The file is refused. */
  readonly columns: number;
  /** Bytes of one cell, in UTF-8. The row is rejected. */
  readonly cell_bytes: number;
  /** The share of rows that may be rejected; above it nothing is delivered. */
  readonly max_reject_share: number;
}

/** What holds unless `score.limits` in pipeline.yaml says otherwise; the schema repeats it. */
export const DEFAULT_LIMITS: Limits = { row_bytes: 16_777_216, columns: 5000, cell_bytes: 1_048_576, max_reject_share: 0.1 };
