import type { Choices } from '../choices.ts';

/** The batch's own tests: files of steps/06-test by name. */
export function testScripts({ target: { task } }: Choices): Readonly<Record<string, string>> {
  const byTask = { binary: BINARY, multiclass: MULTICLASS, regression: REGRESSION }[task];
  return { 'every_output_is_populated.sql': populated(task), 'ranks.test.ts': RANKS, ...byTask };
}

/** Files of the checkout's own 06-test that hold for every table. */
export const SHARED_TESTS: readonly string[] = ['one_score_for_each_fresh_row.sql', 'rows_in_line_with_last_nights.sql'];

function populated(task: string): string {
  const needs = ['as_of IS NULL', 'as_of <> {{ as_of }}', 'run_id IS NULL', 'score IS NULL', 'rank IS NULL', ...(task === 'regression' ? [] : ['class IS NULL'])];
  return `-- Every batch has rows, and every staged row a date, a run, a score${task === 'regression' ? '' : ', a class'} and a rank.
SELECT 'train is empty' AS problem, 0 AS found WHERE NOT EXISTS (SELECT 1 FROM {{ train }})
UNION ALL
SELECT 'test is empty', 0 WHERE NOT EXISTS (SELECT 1 FROM {{ test }})
UNION ALL
SELECT 'staged is empty', 0 WHERE NOT EXISTS (SELECT 1 FROM {{ staged }})
UNION ALL
SELECT 'staged rows lack a value', count(*)
FROM {{ staged }}
WHERE ${needs.join(' OR ')}
HAVING count(*) > 0
`;
}

const PROBABILITIES = `-- Scores lie within 0 and 1, and none is missing.
SELECT *
FROM {{ staged }}
WHERE score IS NULL OR NOT (score >= 0 AND score <= 1)
`;

const BINARY: Readonly<Record<string, string>> = {
  'scores_are_probabilities.sql': PROBABILITIES,
  'mean_score_in_line_with_training.sql': `-- The mean score lies within a quarter of the share of positives that training had.
-- severity: warn
SELECT mean, share
FROM (SELECT avg(score) AS mean FROM {{ staged }}) AS scored
CROSS JOIN (SELECT CAST(sum({{ label }}) AS DOUBLE) / count(*) AS share FROM {{ train }}) AS trained
WHERE mean < share - 0.25 OR mean > share + 0.25
`,
  'model.test.ts': reloaded('scores[row]', 'scores.length', ''),
};

const MULTICLASS: Readonly<Record<string, string>> = {
  'scores_are_probabilities.sql': PROBABILITIES,
  'classes_are_those_of_training.sql': `-- Every predicted class is one that training rows have.
SELECT *
FROM {{ staged }}
WHERE class NOT IN (SELECT {{ label }} FROM {{ train }})
`,
  'model.test.ts': reloaded('Math.max(...scores.subarray(row * classes, (row + 1) * classes))', 'scores.length / classes', '    const classes = scores.length / kept.length;\n'),
};

const REGRESSION: Readonly<Record<string, string>> = {
  'scores_are_near_the_labels.sql': `-- Scores lie within the range of the training labels, widened by its whole width on either side, and none is missing.
SELECT score, lowest, highest
FROM {{ staged }}
CROSS JOIN (SELECT min({{ label }}) AS lowest, max({{ label }}) AS highest FROM {{ train }}) AS labels
WHERE score IS NULL OR score < lowest - (highest - lowest) OR score > highest + (highest - lowest)
`,
  'mean_score_in_line_with_training.sql': `-- The mean score lies near the mean of the training labels: within a quarter of their range.
-- severity: warn
SELECT mean, usual
FROM (SELECT avg(score) AS mean FROM {{ staged }}) AS scored
CROSS JOIN (SELECT avg({{ label }}) AS usual, max({{ label }}) - min({{ label }}) AS width FROM {{ train }}) AS trained
WHERE mean < usual - 0.25 * width OR mean > usual + 0.25 * width
`,
  'model.test.ts': reloaded('scores[row]', 'scores.length', ''),
};

const RANKS = `// Ranks count from 1 without gaps, and higher scores rank higher.
import { expect, test } from '@jest/globals';
import { outputs } from 'nightshift/testing';

test('ranks count from 1 without gaps and higher scores rank higher', async () => {
  const { staged, close } = await outputs();
  try {
    const byRank = (await staged()).toSorted((a, b) => a.rank - b.rank);
    expect(byRank.findIndex(({ rank }, place) => rank !== place + 1)).toBe(-1);
    expect(byRank.findIndex(({ score }, place) => place > 0 && score > (byRank[place - 1]?.score ?? Number.POSITIVE_INFINITY))).toBe(-1);
  } finally {
    await close();
  }
});
`;

function reloaded(score: string, rows: string, prepare: string): string {
  return `// The saved model, loaded again, gives the staged scores exactly.
import { expect, test } from '@jest/globals';
import { outputs } from 'nightshift/testing';

test('the saved model, loaded again, gives the staged scores exactly', async () => {
  const { fresh, staged, predict, close } = await outputs();
  try {
    const scores = await predict(fresh());
    const kept = await staged();
${prepare}    expect(${rows}).toBe(kept.length);
    expect(kept.findIndex(({ score }, row) => score !== ${score})).toBe(-1);
  } finally {
    await close();
  }
});
`;
}
