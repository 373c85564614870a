import type { Outcome } from '../../registry/outcomes.ts';
import type { Config } from '../../shared/config/schema.ts';
import { dayOf } from '../../shared/days.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import type { StepContext, Talk } from '../context.ts';
import { extractAside } from '../job/extract-aside.ts';
import { warehouseFile } from '../places.ts';
import { makersOf } from '../plan.ts';
import { type Project, resolveAsOf } from '../prepare.ts';
import { type Published, SCORES, readPublished } from '../published.ts';
import type { Record } from '../record.ts';
import { withScratch } from '../scratch.ts';
import { sourcesOf } from '../sources.ts';
import { ofAges, ofModels, ofNights, ofRecent } from './groups.ts';
import { keepOutcomes } from './keep.ts';
import type { NightScores } from './labelled-rows.ts';
import { type Group, outcomeOf } from './measure.ts';
import { scoresOfNights } from './night-scores.ts';

export interface OutcomesRequest {
  readonly project: Project;
  /** A date, `today` or `latest`: what was known before it counts. */
  readonly asOf: string;
  /** So many published nights before it at most, the last ones; all unless said. */
  readonly last?: number | undefined;
  /** Whether what is new goes to the record. */
  readonly keep: boolean;
  readonly talk: Talk;
}

/** How published scores came true, as far as it was known by a date. */
export interface FoundOutcomes {
  readonly knownAsOf: string;
  readonly nights: readonly Outcome[];
  readonly models: readonly Outcome[];
  readonly ages: readonly Outcome[];
  /** The last nights together; null where no label is known yet. */
  readonly recent: Outcome | null;
  /** Published nights of which no label is known yet. */
  readonly waiting: readonly string[];
  /** Rows of all nights that `features` no longer has, and rows whose label should be known and is missing. */
  readonly gone: number;
  readonly missing: number;
}

/** The name under which the published scores are read in the scratch warehouse. */
const PUBLISHED_SCORES = 'nightshift_published_scores';
const PREFIX = 'outcomes_';

/**
 * Extracts the rows of the nights that were published, with their labels, beside the night's own, holds the scores against them,
 * and keeps what is new, unless it is told not to. Throws `nothing-published` where no night was published before the date.
 */
export async function findOutcomes({ registry }: Record, request: OutcomesRequest): Promise<FoundOutcomes> {
  const { project, talk } = request;
  const { asOf, nights } = await publishedBefore(request);
  const found = await withScratch({ places: project.places, makers: makersOf(project.plan), config: project.config, asOf, modelRun: nights.at(-1)!.runId, talk }, (step) => joined(step, { project, nights }));
  const labelled = found.filter(({ data }) => data.labels.length > 0);
  const measure = (groups: readonly Group[]): readonly Outcome[] => groups.map((group) => outcomeOf({ registry, config: project.config, knownAsOf: asOf }, group));
  talk.progress('measuring');
  const outcomes = { nights: measure(ofNights(labelled)), models: measure(ofModels(labelled, [...new Set(labelled.map(({ night }) => night.modelRun))])), ages: measure(ofAges(labelled)), recent: measure(ofRecent(labelled))[0] ?? null };
  if (request.keep) keepOutcomes(registry, [...outcomes.nights, ...outcomes.models, ...outcomes.ages, ...(outcomes.recent === null ? [] : [outcomes.recent])], { places: project.places, warehouse: project.config.warehouse });
  const sum = (of: (one: NightScores) => number): number => found.reduce((total, one) => total + of(one), 0);
  return { knownAsOf: asOf, ...outcomes, waiting: found.filter(({ data }) => data.labels.length === 0).map(({ night }) => night.asOf), gone: sum(({ gone }) => gone), missing: sum(({ missing }) => missing) };
}

async function publishedBefore({ project: { config, places }, asOf: said, last }: OutcomesRequest): Promise<{ readonly asOf: string; readonly nights: readonly Published[] }> {
  const warehouse = await openWarehouse({ kind: config.warehouse, file: warehouseFile(places, config.warehouse), readOnly: true });
  try {
    if (said === 'latest') await warehouse.attach(sourcesOf(config, places));
    const asOf = await resolveAsOf(said, config, warehouse);
    const nights = (await readPublished(warehouse)).filter((night) => night.asOf < asOf);
    if (nights.length === 0) throw nothingPublished(asOf);
    return { asOf, nights: last === undefined ? nights : nights.slice(-last) };
  } finally {
    await warehouse.close();
  }
}

function nothingPublished(asOf: string): NightshiftError {
  return new NightshiftError({ code: 'nothing-published', what: 'No night was published before this date, so there are no scores that could have come true', where: '--as-of', found: asOf, fix: 'run nights first, or name a later date' });
}

async function joined(step: StepContext, { project: { config, places }, nights }: { readonly project: Project; readonly nights: readonly Published[] }): Promise<readonly NightScores[]> {
  const warehouse = await step.warehouse();
  step.progress('attaching the sources');
  await step.attach();
  await warehouse.attach([{ name: PUBLISHED_SCORES, location: { kind: 'database', file: warehouseFile(places, config.warehouse), table: SCORES }, types: {} }]);
  step.progress(`extracting the rows of ${nights.length} nights`);
  const scripts = await step.scripts();
  return extractAside(step, { scripts, prefix: PREFIX, window: windowOf(nights, config) }, () => scoresOfNights(step, { scores: PUBLISHED_SCORES, features: `${PREFIX}features`, nights }));
}

/** The days whose rows these nights scored. */
function windowOf(nights: readonly Published[], { split }: Config): { readonly rowsFromDay: number; readonly rowsUntilDay: number } {
  return { rowsFromDay: dayOf(nights[0]!.asOf), rowsUntilDay: dayOf(nights.at(-1)!.asOf) + split.fresh_days };
}
