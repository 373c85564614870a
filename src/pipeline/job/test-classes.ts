import type { Contract } from '../../dataset/contract.ts';
import { confusionMatrix } from '../../evaluation/multiclass.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { StepContext } from '../context.ts';

/** The condition of test rows whose class the model knows; undefined where there are no classes. */
export function knownClasses({ dialect }: Warehouse, { task, label, classes }: Contract): string | undefined {
  if (task !== 'multiclass') return undefined;
  return `CAST(${dialect.identifier(label)} AS TEXT) IN (${classes.map((name) => dialect.literal(name)).join(', ')})`;
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

/** Logs how often each class was taken for another, the most frequent mistakes first, and a line of counts for each class. */
export function sayConfusions(step: StepContext, data: EvaluationData): void {
  const counts = confusionMatrix(data);
  const classes = data.classes ?? [];
  const cells = classes.flatMap((label, i) => classes.map((taken, j) => ({ label, taken, rows: counts[i * classes.length + j]! })));
  const mistakes = cells.filter(({ label, taken, rows }) => label !== taken && rows > 0).sort((a, b) => b.rows - a.rows);
  for (const { label, taken, rows } of mistakes.slice(0, SHOWN)) step.log({ event: 'confusion', rows, message: `${label} taken for ${taken}` });
  for (const label of classes) {
    const row = cells.filter((cell) => cell.label === label && cell.rows > 0);
    step.log({ event: `predicted of ${label}`, rows: row.reduce((sum, cell) => sum + cell.rows, 0), message: row.map((cell) => `${cell.taken} ${cell.rows}`).join(', ') });
  }
}
