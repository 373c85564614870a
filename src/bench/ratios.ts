import type { Task } from '../dataset/contract.ts';
import { LOSS } from './loss.ts';
import type { Means } from './means.ts';

/** Ours over the peer's. Below 1 is better, but for rows per second. A loss that is not defined has no ratio. */
export interface Ratios {
  readonly loss: number | null;
  readonly trainSeconds: number;
  readonly trainCpuSeconds: number;
  readonly predictRowsPerSecond: number;
  readonly peakMb: number;
}

export function ratiosOf(ours: Means, peer: Means, task: Task): Ratios {
  const [loss, peerLoss] = [ours.metrics[LOSS[task]] ?? null, peer.metrics[LOSS[task]] ?? null];
  return {
    loss: loss === null || peerLoss === null ? null : loss / peerLoss,
    trainSeconds: ours.trainSeconds / peer.trainSeconds,
    trainCpuSeconds: ours.trainCpuSeconds / peer.trainCpuSeconds,
    predictRowsPerSecond: ours.predictRowsPerSecond / peer.predictRowsPerSecond,
    peakMb: ours.peakMb / peer.peakMb,
  };
}

/** With the names that `--json` uses. */
export function ratiosJson({ loss, trainSeconds, trainCpuSeconds, predictRowsPerSecond, peakMb }: Ratios): object {
  const [train_seconds, train_cpu_seconds, predict_rows_per_second, peak_mb] = [trainSeconds, trainCpuSeconds, predictRowsPerSecond, peakMb].map(rounded);
  return { loss: loss === null ? null : Math.round(loss * 1e5) / 1e5, train_seconds, train_cpu_seconds, predict_rows_per_second, peak_mb };
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
