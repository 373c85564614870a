import { join } from 'node:path';
import type { AsideOptions } from '../../batchfile/aside-messages.ts';
import type { BatchFile, Reject } from '../../batchfile/read.ts';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { loadModel } from '../../model/folder.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { Talk } from '../context.ts';
import { makersOf } from '../plan.ts';
import type { Project } from '../prepare.ts';
import { redacted } from '../redact.ts';
import { type BatchContract, batchContract, widerWarnings } from './batch-contract.ts';
import type { Beyond } from './beyond.ts';
import { type ScoreOutput, assertFree, writeOutput } from './output.ts';
import { modelConfig } from './model-config.ts';
import { Pace } from './pace.ts';
import { type Phase, Phases } from './phases.ts';
import { type Made, type Scorer, predict } from './predict.ts';
import { RowLines } from './row-lines.ts';
import { type ScoreCounts, UNMADE, countsOf, requireFew } from './score-counts.ts';
import { withScratch } from '../scratch.ts';
import { shownRejects } from './shown-rejects.ts';
import { type Staged, stageBatch } from './stage.ts';

type Keep = NonNullable<AsideOptions['keep']>;

export interface ScoreRequest {
  readonly project: Project;
  readonly modelRun: string;
  readonly asOf: string;
  /** Opens the batch at its beginning: for the features, keeping its rows for the output where that is text, and otherwise once more for the output. */
  readonly open: (contract: BatchContract, keep?: Keep) => Promise<BatchFile>;
  /** What the batch's columns were held as before it was written as text, where that is known. */
  readonly held: ReadonlyMap<string, SqlType>;
  readonly output: ScoreOutput;
  readonly reject: (rejects: readonly Reject[]) => Promise<void>;
  /** Every column of the batch, or its key alone. */
  readonly columns: 'all' | 'key';
  /** Of how many rows, those with the highest scores, the output says why. */
  readonly explain: number;
  /** The most that may be rejected, from 0 to 1. */
  readonly maxRejectShare: number;
  readonly talk: Talk;
  /** Throws `interrupted` where somebody asked for it; called between pieces of work. */
  readonly check: () => Promise<void>;
}

export interface ScoreResult extends ScoreCounts {
  /** Rows whose key the history has, and which were scored as they were brought. */
  readonly known: number;
  /** What was taken though it is not as it should be, in words. */
  readonly warnings: readonly string[];
  /** What of the features is unlike anything that the model was trained on. */
  readonly beyond: readonly Beyond[];
  readonly seconds: Readonly<Record<Phase, number>>;
}

/** Scores a batch by a model, its features made by the model's own SQL beside the history of the sources. */
export async function scoreBatch(given: ScoreRequest): Promise<ScoreResult> {
  const { places, plan } = given.project;
  const folder = join(places.models, given.modelRun);
  const config = modelConfig(folder, given.project);
  const model = await loadModel(folder);
  try {
    const contract = batchContract(config);
    if (given.columns === 'key' && contract.key.length === 0) throw keyless(contract);
    const scorer: Scorer = { folder, model, contract, phases: new Phases(), check: given.check };
    const mask = new Mask(config.sensitive, places.data);
    const request = { ...given, reject: (rejects: readonly Reject[]) => given.reject(shownRejects(rejects, scorer.contract.key, mask)) };
    return await withScratch({ ...request, places, makers: makersOf(plan), config }, async (step) => {
      const kept = join(step.run.places.data, 'kept');
      const found = await read(request, scorer, { kept, stage: (batches) => stageBatch(step, scorer.contract, batches) });
      const made = await predict(step, found.staged, { ...scorer, explain: request.explain });
      // What is still to do needs no warehouse, and its memory.
      await step.release();
      return await delivered(request, scorer, { ...found, made, kept, config });
    });
  } catch (thrown) {
    throw thrown instanceof NightshiftError ? redacted(thrown, config.sensitive) : thrown;
  } finally {
    model.dispose();
  }
}

function keyless({ madeKey }: BatchContract): NightshiftError {
  return new NightshiftError({
    code: 'score-unclear',
    what: 'The key alone cannot be written: the batch does not bring it',
    where: '--columns key',
    found: `${madeKey.join(', ')}, which the SQL makes of what a row holds`,
    expected: '--columns all, by which each score stands behind its row',
    exitCode: ExitCode.usage,
  });
}

interface Read {
  readonly file: BatchFile;
  readonly lines: RowLines;
  readonly staged: Staged;
}

interface Scored extends Read {
  readonly made: Made;
  /** The file of rows that were kept for the output. */
  readonly kept: string;
  readonly config: Config;
}

/** Stages the rows that hold; the others go to the rejects. */
async function read(request: ScoreRequest, { contract, model, phases, check }: Scorer, { kept, stage }: { readonly kept: string; readonly stage: (batches: AsyncIterable<ColumnBatch>) => Promise<Staged> }): Promise<Read> {
  phases.begin('read');
  const file = await request.open(contract, 'table' in request.output ? undefined : { file: kept, format: request.output.format, columns: request.columns });
  const { key } = contract;
  const pace = new Pace('read');
  const lines = new RowLines();
  async function* accepted(): AsyncGenerator<ColumnBatch> {
    for await (const { batch, lines: begun, rejects } of file.batches()) {
      await request.reject(rejects);
      lines.add(begun);
      if (batch.rows > 0) yield batch;
      request.talk.progress(pace.text(file.counts().read, file.totalBytes === undefined ? undefined : file.bytesRead() / file.totalBytes));
      await check();
    }
  }
  try {
    assertFree(request.columns === 'key' ? key : file.header, model.contract, request);
    return { file, lines, staged: await stage(accepted()) };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** Delivers what was scored unless too many rows were not. Rows without features are rejects, too. */
async function delivered(request: ScoreRequest, scorer: Scorer, { file, lines, staged, made, kept, config }: Scored): Promise<ScoreResult> {
  const { phases, contract: { key } } = scorer;
  const counts = countsOf(file.counts(), made);
  await request.reject([...made.unmade].map(([row, value]) => ({ line: lines.of(row), row: null, ...(key.length === 0 ? { column: null, value: null } : { column: key.join(', '), value }), reason: UNMADE })));
  requireFew(counts, request.maxRejectShare);
  phases.begin('write');
  await writeOutput(request, scorer, { made, task: config.task, brought: request.columns === 'key' ? key : file.header, kept, counts: file.counts() });
  phases.end();
  return { ...counts, known: staged.known, warnings: [...widerWarnings(scorer.contract, request.held), ...file.warnings], beyond: made.beyond, seconds: phases.seconds };
}
