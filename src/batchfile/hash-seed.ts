import { randomInt } from 'node:crypto';

/**
 * Where hashes begin, another in every process: nobody can write a file whose keys all fall into one place of a table.
 * What is found in a table does not depend on it.
 */
export const HASH_SEED = randomInt(2 ** 31);
