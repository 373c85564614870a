import type { Config } from '../../shared/config/schema.ts';
import { dateOf } from '../../shared/days.ts';
import type { StepContext, Talk } from '../context.ts';
import type { Places } from '../places.ts';
import { Redactor } from '../redact.ts';
import { withScratch } from '../scratch.ts';
import { type Drawn, drawRows } from './draw.ts';
import { type Again, extractAgain } from './extract-values.ts';
import { type Example, type FeatureFinding, Findings, shownValue } from './findings.ts';
import { type Later, laterValues } from './later.ts';
import type { Part } from './parts.ts';
import { type Recipe, Recipes } from './recipe.ts';
import { type Value, Values } from './values.ts';
import { type Seen, verdictOf } from './verdict.ts';

/** What the choice of rows is called among the features. */
export const ROWS = 'the row';

export interface ReplayRequest {
  readonly places: Places;
  readonly makers: Readonly<Record<string, string>>;
  /** Today's: it says where sources are and when what they hold is known. */
  readonly config: Config;
  /** What is replayed; not none. */
  readonly parts: readonly Part[];
  /** Where rows that were scored may have been learned from later. */
  readonly later: readonly Part[];
  /** So many rows, spread over the parts. */
  readonly rows: number;
  readonly talk: Talk;
}

export interface Replay {
  readonly rows: number;
  readonly runs: readonly string[];
  readonly features: readonly FeatureFinding[];
}

/**
 * Extracts rows that were trained on, tested on or scored once more, from today's sources by the SQL of then, and compares value
 * by value with what was kept. Works in a warehouse of its own, of which nothing is left.
 */
export function replay(request: ReplayRequest): Promise<Replay> {
  const { config, parts, rows } = request;
  return withScratch({ ...request, asOf: parts[0]!.asOf, modelRun: parts[0]!.modelRun }, async (step) => {
    await step.attach();
    const recipes = new Recipes(request.places, { extract: step.run.step, dialect: config.warehouse });
    const replayed = { request, recipes, findings: new Findings(), redactor: new Redactor(step, request.places.data) };
    let compared = 0;
    for (const [i, part] of parts.entries()) {
      const wanted = Math.floor(((i + 1) * rows) / parts.length) - Math.floor((i * rows) / parts.length);
      for (const drawn of await drawRows(request.places, part, { recipe: recipes.of(part), wanted, seed: config.seed })) {
        request.talk.progress(`${part.batch} of ${part.runId}: ${drawn.rows} rows of ${dateOf(drawn.day)}; ${compared} of ${rows} done`);
        await replayDay(step, drawn, replayed);
        compared += drawn.rows;
      }
    }
    return { rows: compared, runs: [...new Set(parts.map(({ runId }) => runId))], features: replayed.findings.list() };
  });
}

interface Replayed {
  readonly request: ReplayRequest;
  readonly recipes: Recipes;
  readonly findings: Findings;
  readonly redactor: Redactor;
}

async function replayDay(step: StepContext, drawn: Drawn, replayed: Replayed): Promise<void> {
  const { request, recipes } = replayed;
  const recipe = recipes.of(drawn.part);
  const later = await laterValues(request.places, drawn, { parts: request.later, recipes });
  await extractAgain(step, { drawn, recipe }, async (again) => {
    const isDated = Object.values(request.config.sources).some(({ time }) => time !== undefined);
    const atNight = isDated && differs(drawn, recipe, again) ? await again.atNight() : NOTHING;
    for (let row = 0; row < drawn.rows; row++) await judgeRow(row, { drawn, recipe, again, atNight, later }, replayed);
  });
}

const NOTHING = new Values({ rows: 0, columns: new Map() }, new Int32Array());

/** Whether any value is another than it was kept, with nothing hidden that explains it. */
function differs({ rows, kept }: Drawn, { columns }: Recipe, { open, blind }: Again): boolean {
  const names = Object.keys(columns);
  return Array.from({ length: rows }, (_, row) => row).some((row) => open.has(row) && names.some((name) => kept.at(row, name) !== undefined && !Object.is(kept.at(row, name), open.at(row, name)) && Object.is(open.at(row, name), blind.at(row, name))));
}

interface Judged {
  readonly drawn: Drawn;
  readonly recipe: Recipe;
  readonly again: Again;
  readonly atNight: Values;
  readonly later: Later | undefined;
}

async function judgeRow(row: number, judged: Judged, replayed: Replayed): Promise<void> {
  const { drawn: { kept }, recipe, again: { open, blind }, atNight, later } = judged;
  const isThere = open.has(row);
  const verdict = isThere !== blind.has(row) ? 'peeks' : isThere ? 'equal' : 'gone';
  await replayed.findings.add(ROWS, verdict, () => exampleOf(row, { name: ROWS, seen: { kept: 'there', open: isThere ? 'there' : 'gone', blind: blind.has(row) ? 'there' : 'gone', atNight: undefined, trained: undefined }, judged }, replayed));
  if (!isThere) return;
  for (const name of Object.keys(recipe.columns)) {
    const seen: Seen = { kept: kept.at(row, name), open: open.at(row, name), blind: blind.at(row, name), atNight: atNight.at(row, name), trained: later?.values.at(row, name) };
    if (seen.kept !== undefined) await replayed.findings.add(name, verdictOf(seen), () => exampleOf(row, { name, seen, judged }, replayed));
  }
}

async function exampleOf(row: number, { name, seen, judged: { drawn, recipe, later } }: { name: string; seen: Seen; judged: Judged }, { redactor }: Replayed): Promise<Omit<Example, 'verdict'>> {
  const keys = new Values(drawn.keys, Int32Array.from({ length: drawn.rows }, (_, i) => i));
  const key: Record<string, Value> = {};
  for (const column of recipe.keys) key[column] = await shownValue(redactor, column, keys.at(row, column));
  const shown = (value: Value | undefined): Promise<Value> => shownValue(redactor, name, value);
  const isPast = Object.is(seen.open, seen.blind);
  const trained = later === undefined || seen.trained === undefined || Object.is(seen.trained, seen.kept) ? null : { run: later.runId, value: await shown(seen.trained) };
  return { run: drawn.part.runId, batch: drawn.part.batch, key, kept: await shown(seen.kept), now: await shown(seen.open), known: await shown(isPast ? (seen.atNight ?? seen.blind) : seen.blind), trained };
}
