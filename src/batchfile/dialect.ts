/** How a CSV file is written. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or empty where nothing is quoted. */
  readonly quote: string;
}
