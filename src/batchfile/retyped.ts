import { CELL_FORMS } from '../dataset/cell.ts';
import { NightshiftError } from '../shared/errors.ts';
import { faultOf } from './cell-faults.ts';
import { canonicalKey, cellValue } from './cell-value.ts';
import { columnPlans } from './contract.ts';
import type { BatchContract, ColumnPlan } from './contract.ts';
import { shortened } from './reject.ts';

/** With fewer values a column is judged row by row alone. */
const ENOUGH = 10;

/**
 * Throws `column-retyped` where a column's first values are none of its type, not one of ten or more: then the column is
 * another, and there is no use in rejecting a million rows one by one.
 */
export function assertTypes(header: readonly string[], records: readonly (readonly string[])[], contract: BatchContract): void {
  columnPlans(header, contract).forEach((plan, i) => {
    if (plan.type === 'text') return;
    const values = records.filter((record) => record.length === header.length && record[i] !== '').map((record) => record[i]!);
    if (values.length >= ENOUGH && !values.some((value) => holds(value, plan))) throw retyped(plan, values[0]!);
  });
}

function holds(value: string, { role, type, dates }: ColumnPlan): boolean {
  return (role === 'key' ? canonicalKey : cellValue)(value, type, dates) !== undefined;
}

function retyped({ name, type }: ColumnPlan, value: string): NightshiftError {
  const isComma = faultOf(value, type) === 'decimal-comma';
  return new NightshiftError({
    code: 'column-retyped',
    what: `The column "${name}" of the batch is of another type`,
    found: JSON.stringify(shortened(value)),
    column: name,
    expected: CELL_FORMS[type],
    fix: isComma ? 'write numbers with a decimal point; a comma is never guessed at' : 'write the column as the model was trained on it',
  });
}
