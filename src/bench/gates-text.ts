import { count } from './count.ts';
import type { GatesLine, Shares } from './gates.ts';

/** Two tables of Markdown: models that are equal, and models that are worse. */
export function gatesLines(lines: readonly GatesLine[]): readonly string[] {
  const equal = lines.filter(({ loss }) => loss === 0);
  const worse = lines.filter(({ loss }) => loss > 0);
  return [
    'Equal models: a refusal is a false alarm',
    '',
    ...table(['rows', 'positives', 'nights', 'margin 0: refused', 'unclear', 'usual margins: refused', 'unclear', 'passed', 'drift warned', 'CPU s a night'], equal.map((line) => [...headOf(line), ...sharesOf(line.strict, false), ...sharesOf(line.usual, true), line.driftWarned === null ? '' : percent(line.driftWarned), line.cpuSeconds.toFixed(2)])),
    '',
    'Worse models: what passes was missed',
    '',
    ...table(['AUC worse by', 'rows', 'positives', 'nights', 'margin 0: refused', 'unclear', 'usual margins: refused', 'unclear', 'passed'], worse.map((line) => [String(line.loss), ...headOf(line), ...sharesOf(line.strict, false), ...sharesOf(line.usual, true)])),
  ];
}

export function gatesJson({ rows, positives, loss, nights, strict, usual, driftWarned, cpuSeconds }: GatesLine): object {
  return { rows, positives, auc_loss: loss, nights, margin_0: strict, usual, drift_warned: driftWarned, cpu_seconds: cpuSeconds };
}

function headOf({ rows, positives, nights }: GatesLine): readonly string[] {
  return [count(rows), percent(positives), String(nights)];
}

function sharesOf({ fail, unclear, pass }: Shares, withPass: boolean): readonly string[] {
  return [fail, unclear, ...(withPass ? [pass] : [])].map(percent);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
