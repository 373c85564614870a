/** A question with the answer that would be given without asking. */
export interface Question {
  /** What is asked about: `target`, `task`, `time`, `key`, `table`. */
  readonly about: string;
  readonly text: string;
  readonly fallback: string;
  /** Answers that would do; any text where there are none. */
  readonly options: readonly string[];
}

/** Asks somebody, or gives the fallback at once. */
export type Ask = (question: Question) => Promise<string>;

/** Decides without asking. */
export const decides: Ask = ({ fallback }) => Promise.resolve(fallback);
