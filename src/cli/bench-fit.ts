import type { FitMessage, FitRequest } from '../bench/fit-request.ts';
import { NightshiftError, messageOf } from '../shared/errors.ts';
import { readJsonFile } from '../shared/files.ts';

/** `bench fit`: one training in this process, for `bench quality` and `bench train`, which hear of it by messages. */
export async function benchFit(requestFile: string): Promise<void> {
  // Who asked may be gone; then nobody waits for an answer.
  process.on('disconnect', () => process.exit(1));
  const { fitAlone } = await import('../bench/fit-alone.ts');
  const answer = await fitAlone(readJsonFile(requestFile) as FitRequest, (text) => void process.send?.({ type: 'progress', text } satisfies FitMessage)).then((figures): FitMessage => ({ type: 'done', figures }), failure);
  await new Promise<void>((resolve) => void process.send?.(answer, () => resolve()));
  process.exit(answer.type === 'done' ? 0 : 1);
}

function failure(thrown: unknown): FitMessage {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : undefined;
  if (!(thrown instanceof NightshiftError)) return { type: 'failed', error: { code: 'unexpected', what: messageOf(thrown) }, stack };
  const { cause: _, ...error } = thrown.details;
  return { type: 'failed', error, stack };
}
