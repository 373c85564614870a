import type { Task } from '../dataset/contract.ts';
import { meansOf } from './means.ts';
import { PEER } from './peer.ts';
import { meansJson } from './quality-json.ts';
import { ratiosJson, ratiosOf } from './ratios.ts';
import type { Speed, SpeedReport } from './speed.ts';
import { trainedPerSecond } from './speed-text.ts';

/** The same as an object, with the names that `--json` uses: an entry a training. */
export function speedJson({ task, speeds, hasNative }: SpeedReport): object {
  const peerAt = (name: string): Speed | undefined => speeds.find(({ family, size }) => family === PEER && size.name === name);
  return { task, native: hasNative, trainings: speeds.map((speed) => trainingJson(speed, speed.family === PEER ? undefined : peerAt(speed.size.name), task)) };
}

function trainingJson(speed: Speed, peer: Speed | undefined, task: Task): object {
  const { family, backend, size, rounds, unit, figures, error } = speed;
  const what = { family, backend: backend === '' ? null : backend, rows: size.rows, features: size.features, unit, rounds };
  if (figures === undefined) return { ...what, status: 'failed', error: { code: error?.code, what: error?.details.what, where: error?.details.where, found: error?.details.found } };
  const [ours, others] = [figures, peer?.figures].map((one) => (one === undefined ? undefined : meansOf([one])));
  return {
    ...what,
    status: 'done',
    ...meansJson(ours!),
    train_row_rounds_per_second: Math.round(trainedPerSecond(speed, figures)),
    ...(figures.version === undefined ? {} : { version: figures.version }),
    ...(others === undefined ? {} : { ratio: ratiosJson(ratiosOf(ours!, others, task)) }),
  };
}
