import type { Contract } from '../../dataset/contract.ts';
import { confusionMatrix } from '../../evaluation/multiclass.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { StepContext } from '../context.ts';

/** The condition of test rows whose class the model knows; undefined where there are no classes. */
export function knownClasses({ dialect }: Warehouse, { task, label, classes }: Contract): string | undefined {
  if (task !== 'multiclass') return undefined;
  const column = dialect.identifier(label);
  // A missing label is not left out: reading it refuses it by name.
  return `(${column} IS NULL OR CAST(${column} AS TEXT) IN (${classes.map((name) => dialect.literal(name)).join(', ')}))`;
}

/** Says which test rows no model can be right about, since the training rows have none of their class: they are left out of the metrics. */
export async function leftOut(step: StepContext, contract: Contract): Promise<void> {
  const warehouse = await step.warehouse();
  const known = knownClasses(warehouse, contract);
  if (known === undefined) return;
  const { identifier } = warehouse.dialect;
  const label = `CAST(${identifier(contract.label)} AS TEXT)`;
  const found = await warehouse.rows(`SELECT ${label} AS class, count(*) AS n FROM ${identifier('test')} WHERE NOT (${known}) GROUP BY 1 ORDER BY 1`);
  if (found.length === 0) return;
  const rows = found.reduce((sum, row) => sum + Number(row['n']), 0);
  const named = found.slice(0, 5).map((row) => String(row['class'])).join(', ');
  step.log({ event: 'classes', rows, status: 'warn', message: `test rows of a class that no training row has (${named}) are left out of the metrics`, show: true });
}

const SHOWN = 5;
/** Of more classes, a line each would fill the log. */
const MOST_CLASSES = 100;

/** Logs how often each class was taken for another, the most frequent mistakes first, and a line of counts for each class. */
export function sayConfusions(step: StepContext, data: EvaluationData): void {
  const counts = confusionMatrix(data);
  const classes = data.classes ?? [];
  const cellsOf = (i: number) => [...counts.subarray(i * classes.length, (i + 1) * classes.length)].flatMap((rows, j) => (rows > 0 ? [{ label: classes[i]!, taken: classes[j]!, rows }] : []));
  const table = classes.map((_, i) => cellsOf(i));
  const mistakes = table.flat().filter(({ label, taken }) => label !== taken).sort((a, b) => b.rows - a.rows);
  for (const { label, taken, rows } of mistakes.slice(0, SHOWN)) step.log({ event: 'confusion', rows, message: `${label} taken for ${taken}` });
  if (classes.length > MOST_CLASSES) return;
  for (const [i, cells] of table.entries()) {
    step.log({ event: `predicted of ${classes[i]}`, rows: cells.reduce((sum, { rows }) => sum + rows, 0), message: cells.map(({ taken, rows }) => `${taken} ${rows}`).join(', ') });
  }
}
