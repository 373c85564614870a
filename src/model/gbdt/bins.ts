/** The bin of missing values, in every feature. */
export const MISSING = 0;
/** The bin of values of a category that are rare or were never seen. */
export const OTHER = 1;
/** Bins of a feature at most: a cell is a byte. */
export const MOST_BINS = 256;
