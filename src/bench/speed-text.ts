import type { Task } from '../dataset/contract.ts';
import { textTable } from '../report/text-table.ts';
import { count } from './count.ts';
import type { Figures } from './fit-request.ts';
import { LOSS } from './loss.ts';
import { PEER } from './peer.ts';
import type { Speed, SpeedReport } from './speed.ts';

interface Measure {
  readonly title: string;
  readonly of: (figures: Figures, speed: Speed) => number | null | undefined;
  readonly text: (value: number) => string;
  /** Whether ours over the peer's is shown. */
  readonly ratio: boolean;
}

/** Rows × rounds a second of the whole training: epochs of a network, trees of boosting. */
export function trainedPerSecond({ rounds }: Pick<Speed, 'rounds'>, { trainRows, trainSeconds }: Figures): number {
  return (trainRows * rounds) / trainSeconds;
}

function measuresOf(task: Task): readonly Measure[] {
  return [
    { title: 'rounds: epochs of a network, trees of boosting', of: (_, { rounds }) => rounds, text: String, ratio: false },
    { title: 'training, s', of: ({ trainSeconds }) => trainSeconds, text: (value) => value.toFixed(1), ratio: true },
    { title: 'training, CPU s', of: ({ trainCpuSeconds }) => trainCpuSeconds, text: (value) => value.toFixed(1), ratio: true },
    { title: 'trained, rows × rounds/s', of: (figures, speed) => trainedPerSecond(speed, figures), text: count, ratio: false },
    { title: 'predicted, rows/s', of: ({ predictRowsPerSecond }) => predictRowsPerSecond, text: count, ratio: true },
    { title: 'peak, MB', of: ({ peakMb }) => peakMb, text: (value) => value.toFixed(0), ratio: true },
    { title: `${LOSS[task]} of the test rows after this work`, of: ({ metrics }) => metrics[LOSS[task]], text: (value) => value.toPrecision(5), ratio: true },
  ];
}

/** A table a measure: a line a family and backend, the sizes side by side, so that a line shows how it grows. */
export function speedLines({ task, sizes, speeds, hasNative }: SpeedReport): readonly string[] {
  const who = [...new Set(speeds.map(nameOf))];
  const lines = ['rows × features', ...(hasNative ? [] : ['native TensorFlow is not installed'])];
  for (const measure of measuresOf(task)) {
    const cells = who.map((name) => [name, ...sizes.map(({ name: size }) => cellOf(measure, speeds.find((speed) => nameOf(speed) === name && speed.size.name === size)))]);
    lines.push('', measure.title, ...textTable([['', ...sizes.map(({ name }) => name)], ...cells, ...(measure.ratio ? ratioCells(measure, { sizes, speeds }, who) : [])]));
  }
  return lines;
}

function ratioCells(measure: Measure, { sizes, speeds }: Pick<SpeedReport, 'sizes' | 'speeds'>, who: readonly string[]): readonly (readonly string[])[] {
  if (!who.includes(PEER)) return [];
  const valueOf = (name: string, size: string): number | undefined => {
    const speed = speeds.find((one) => nameOf(one) === name && one.size.name === size);
    return speed?.figures === undefined ? undefined : (measure.of(speed.figures, speed) ?? undefined);
  };
  return who.filter((name) => name !== PEER).map((name) => [`${name}/${PEER}`, ...sizes.map(({ name: size }) => {
    const [ours, peer] = [valueOf(name, size), valueOf(PEER, size)];
    return ours === undefined || peer === undefined ? '' : (ours / peer).toFixed(3);
  })]);
}

function nameOf({ family, backend }: Speed): string {
  return [family, backend].filter((part) => part !== '').join(' ');
}

function cellOf({ of, text }: Measure, speed: Speed | undefined): string {
  if (speed === undefined) return '';
  if (speed.figures === undefined) return 'failed';
  const value = of(speed.figures, speed);
  return value === null || value === undefined ? '' : text(value);
}
