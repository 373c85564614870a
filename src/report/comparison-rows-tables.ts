import type { FeatureDistance, MovedRow, MovedSlice, RowsComparison } from './comparison-rows.ts';
import { changeText, figureText, percentText, wholeText } from './comparison-numbers.ts';
import type { Section } from './comparison-section.ts';

/** Values of a slice column that a table shows, those with the most flips first. */
const SHOWN_VALUES = 12;

/** Two models on one batch as parts of a page. */
export function rowsSections(comparison: RowsComparison): readonly Section[] {
  return [decisions(comparison), changes(comparison), ...slices(comparison), moved(comparison)];
}

function decisions({ flips, rows, first, second, on, notes }: RowsComparison): Section {
  const title = `${first} and ${second} on the test batch of ${on}: ${wholeText(rows)} rows`;
  if (flips === null) return { title, notes };
  const total = flips.reduce((sum, flip) => sum + flip.rows, 0);
  const table = flips.map((flip) => [`${flip.from} → ${flip.to}`, wholeText(flip.rows), share(flip.rows, rows)]);
  return { title, table: [['decision', 'rows', 'share'], ...table, ['flips in all', wholeText(total), share(total, rows)]], notes };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : percentText(part / whole);
}

function changes({ change, score }: RowsComparison): Section {
  const facts = [['mean', changeText(change.mean)], ['mean size', figureText(change.meanAbsolute)], ...change.quantiles.map((one) => [quantileName(one.share), changeText(one.value)])];
  return { title: `Change of the score: ${score}`, table: [['', 'change'], ...facts] };
}

function quantileName(share: number): string {
  if (share === 0) return 'least';
  if (share === 1) return 'most';
  return share === 0.5 ? 'median' : `quantile ${share}`;
}

function slices({ slices }: RowsComparison): readonly Section[] {
  const columns = [...new Set(slices.map(({ column }) => column))];
  return columns.map((column) => sliceSection(column, slices.filter((slice) => slice.column === column)));
}

function sliceSection(column: string, slices: readonly MovedSlice[]): Section {
  const shown = slices.toSorted((a, b) => b.flips - a.flips || Math.abs(b.meanChange) - Math.abs(a.meanChange)).slice(0, SHOWN_VALUES);
  const rows = shown.map(({ value, rows, flips, meanChange }) => [value, wholeText(rows), wholeText(flips), share(flips, rows), changeText(meanChange)]);
  const more = slices.length - shown.length;
  return { title: `By ${column}`, table: [['', 'rows', 'flips', 'share', 'mean change'], ...rows], notes: more > 0 ? [`${more} more values`] : [] };
}

function moved({ moved }: RowsComparison): Section {
  const rows = moved.map((row) => [keyCell(row), figureText(row.first), figureText(row.second), changeText(row.change), classesCell(row)]);
  const unusual = moved.flatMap((row) => (row.features.length === 0 ? [] : [`${keyCell(row)}: ${row.features.map(featureText).join('; ')}`]));
  return { title: 'The rows that move most, and what is unusual about them', table: [['row', 'first', 'second', 'change', 'decision'], ...rows], notes: unusual };
}

function keyCell({ key }: MovedRow): string {
  return key.map(({ column, value }) => `${column} ${value}`).join(', ');
}

function classesCell({ classes }: MovedRow): string {
  if (classes === null) return '';
  const [first, second] = classes;
  return first === second ? first : `${first} → ${second}`;
}

function featureText({ feature, value, median, units, share }: FeatureDistance): string {
  if (units !== null) return `${feature} ${value} (${changeText(units)} units from ${figureText(median)})`;
  return share === null ? `${feature} ${value}` : `${feature} ${value} (${percentText(share)} of the rows)`;
}
