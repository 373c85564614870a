import { exampleText, totalOf } from '../replay/findings.ts';
import { type Part, type Parts, partsOf } from '../replay/parts.ts';
import { Recipes, hasRecipe } from '../replay/recipe.ts';
import { type Replay, replay } from '../replay/replay.ts';
import type { Verdict } from '../replay/verdict.ts';
import type { StepContext } from '../context.ts';
import type { BatchTest } from './batch-tests.ts';
import type { ScoringResult } from './score.ts';
import type { TestOutcome } from './test-batch.ts';

/** Each night costs two extractions of its day, so no more than the last ones are looked at. */
const MOST_NIGHTS = 7;
/** Findings that the night tells of; verify --features has all. */
const SHOWN = 5;

/** These say that the model is learning from what it does not have when it scores; the others, that a source was mended. */
const GRAVE: readonly Verdict[] = ['peeks', 'trained-otherwise'];

export const REPLAY_TEST: BatchTest = { name: 'replay', file: 'replay', kind: 'sql', text: '', about: 'Rows that earlier nights scored come out the same again.', severity: 'error', needsNights: 1 };

/** Extracts rows that earlier nights scored once more: fails where a feature sees the future or is trained otherwise than scored, warns of rewritten sources. */
export async function replayTest(step: StepContext): Promise<TestOutcome> {
  const { run, config } = step;
  const { nights, all } = await keptBefore(step);
  const parts = await ofTonightsSql(step, nights.parts.filter(({ batch }) => batch === 'fresh'));
  if (parts.length === 0) return { test: REPLAY_TEST, outcome: 'waits', message: 'no earlier night is kept whose features the same SQL made' };
  const { rows, features } = await replay({ places: run.places, makers: run.makers, config, parts, later: all.parts, rows: config.replay.rows, talk: { log: () => undefined, progress: (text) => step.progress(text) } });
  return replayOutcome({ rows, features });
}

/** What is kept of the last nights before this one, and of all runs up to it. */
async function keptBefore(step: StepContext): Promise<{ nights: Parts; all: Parts }> {
  const { run, config } = step;
  const { asOf } = run.windows;
  return step.record((registry) => {
    const request = { registry, places: run.places, kind: config.warehouse, extract: run.makers['features'] ?? '' };
    const runs = registry.runs.list({ to: asOf });
    const nights = runs.filter((one) => one.mode === 'night' && one.asOf < asOf).slice(0, MOST_NIGHTS);
    return { nights: partsOf(request, nights), all: partsOf(request, runs) };
  });
}

/** What other SQL made says nothing of tonight's: a feature that was mended stops no night. */
async function ofTonightsSql(step: StepContext, parts: readonly Part[]): Promise<readonly Part[]> {
  const { modelRun } = step.readResult('scoring') as ScoringResult;
  const extract = step.run.makers['features'] ?? '';
  if (!hasRecipe(step.run.places, { modelRun, extract })) return [];
  const recipes = new Recipes(step.run.places, { extract, dialect: (await step.warehouse()).dialect.name });
  const { signature } = recipes.of({ modelRun });
  return parts.filter((part) => recipes.of(part).signature === signature);
}

/** What a replay means for the night. */
export function replayOutcome({ rows, features }: Pick<Replay, 'rows' | 'features'>): TestOutcome {
  const total = totalOf(features);
  const examples = features.flatMap(({ feature, counts, examples: some }) => some.map((one) => ({ verdict: one.verdict, text: `${one.verdict} in ${counts[one.verdict]} of ${rows} rows: ${exampleText(feature, one)}` })));
  if (examples.length === 0) return { test: REPLAY_TEST, outcome: 'passed', message: null };
  const isGrave = GRAVE.some((verdict) => total[verdict] > 0);
  const shown = examples.filter(({ verdict }) => !isGrave || GRAVE.includes(verdict)).slice(0, SHOWN);
  return { test: { ...REPLAY_TEST, severity: isGrave ? 'error' : 'warn' }, outcome: 'failed', message: shown.map(({ text }) => text).join('; ') };
}
