import { join } from 'node:path';

/** Files of the bundles that the launcher has made, by their names in them: of the program, and of the project's own TypeScript. */
export function programFile(...names: readonly string[]): string {
  return join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', ...names);
}

export function projectFile(...names: readonly string[]): string {
  return join(process.env['NIGHTSHIFT_PROJECT_BUNDLE'] ?? '', ...names);
}
