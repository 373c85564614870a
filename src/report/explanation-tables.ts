import type { Decision } from '../evaluation/decision.ts';
import type { Section } from './comparison-section.ts';
import type { ExplainedFeature, Explanation, ShownValue } from './explanation.ts';
import { count, figure, signed } from './page/words.ts';

/** Why a row was scored as it was, as parts of a page. */
export function explanationSections(explanation: Explanation): readonly Section[] {
  return [outcome(explanation), contributions(explanation), since(explanation)];
}

function outcome({ key, score, unit, rank, rows, class: label, decision, asOf, runId, published, modelRun, family, notes }: Explanation): Section {
  const facts = [
    ['score', `${figure(score)} (${unit}), rank ${count(rank)} of ${count(rows)}`],
    ...(label === null ? [] : [['class', `${label}${decision === null ? ', the likeliest' : `: ${decisionText(decision)}`}`]]),
    ['night', `${asOf}, run ${runId}, ${published ? 'published' : 'not published'}`],
    ['model', `${modelRun}, ${family}`],
  ];
  return { title: `Why ${key.map(({ column, value }) => `${column} ${valueText(value)}`).join(', ')} was scored ${figure(score)}`, table: facts, words: 2, notes };
}

function decisionText(decision: Decision): string {
  if (decision.kind === 'top_n') return `1 is given to the ${count(decision.n)} highest scores of a batch`;
  const { threshold, rule } = decision;
  return `1 is given from ${figure(threshold)} on (${typeof rule === 'string' ? rule : Object.entries(rule).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')})`;
}

function contributions({ features, base, score, method, sqlFolder }: Explanation): Section {
  const columns = ['feature', 'made by', 'value', 'median', 'contribution', ...(method.exact ? [] : ['±']), 'encoded'];
  const rows = features.map((feature) => [feature.feature, feature.sql.join(' ← '), valueText(feature.value), valueText(feature.median), feature.contribution === 0 ? '0' : signed(feature.contribution), ...(method.exact ? [] : [figure(feature.error)]), encodedText(feature)]);
  const how = method.exact ? `exact, by all ${count(method.predictions)} combinations` : `${count(method.orders ?? 0)} orders drawn with seed ${method.seed}, ${count(method.predictions)} predictions; ± is the standard error`;
  return {
    title: `${figure(base)} where every feature is as usual in training, ${signed(score - base)} by its features, ${figure(score)} in all`,
    table: [columns, ...rows],
    words: 2,
    notes: [`Shapley values against the training median (of a category: its most frequent value): ${how}. SQL: ${sqlFolder}.`],
  };
}

function encodedText({ encoded }: ExplainedFeature): string {
  if (encoded === null) return 'hidden';
  // That a value is there goes without saying.
  return encoded.filter(({ as, value }) => !(as.endsWith('missing') && value === 0)).map(({ as, value }) => (as.includes(' of ') ? as.replace(' of ', ` ${value} of `) : `${as} ${figure(value)}`)).join('; ');
}

function valueText(value: ShownValue): string {
  if (value === null) return 'missing';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? count(value) : figure(value);
}

function since({ since: found }: Explanation): Section {
  const title = 'What the sources say of this row today';
  switch (found.state) {
    case 'equal':
      return { title, notes: ['Nothing has changed.'] };
    case 'gone':
      return { title, notes: ['The row is no longer there.'] };
    case 'unknown':
      return { title, notes: [`It could not be looked at: ${found.why}`] };
    case 'changed':
      return { title, table: [['feature', 'then', 'now'], ...found.changes.map(({ feature, before, now }) => [feature, valueText(before), valueText(now)])] };
  }
}
