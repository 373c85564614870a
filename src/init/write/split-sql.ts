import type { Choices, Split } from '../choices.ts';

/** The scripts of 02-split. */
export function splitScripts(choices: Choices): Readonly<Record<'train' | 'test' | 'fresh', string>> {
  return choices.split.by === 'hash' ? byHash(choices) : byTime(choices);
}

/** The hash below which rows stand in for those without a label: a quarter of the share that tests. */
export function standInHash({ testShare }: Extract<Split, { by: 'hash' }>): string {
  return Math.round((testShare / 4) * 0x1_0000_0000).toString(16).padStart(8, '0');
}

/** A class that no training row has cannot be predicted, so rows of it do not test. */
const KNOWN_CLASS = '\n  AND {{ label }} IN (SELECT {{ label }} FROM {{ train }})';

function byHash({ target }: Choices): Readonly<Record<'train' | 'test' | 'fresh', string>> {
  const classes = target.task === 'multiclass' ? KNOWN_CLASS : '';
  const train = `-- Rows whose label is known, but for those that test.
SELECT
  *,
  CASE WHEN {{ entity_hash }} < {{ validation_share_hash }} THEN 'validation' ELSE 'fit' END AS fold
FROM {{ features }}
WHERE {{ label_known_day }} <= {{ as_of_day }} AND {{ entity_hash }} >= {{ test_share_hash }}
`;
  if (target.missing > 0) {
    return {
      train,
      test: `-- A share of the rows whose label is known.\nSELECT *\nFROM {{ features }}\nWHERE {{ label_known_day }} <= {{ as_of_day }} AND {{ entity_hash }} < {{ test_share_hash }}${classes}\n`,
      fresh: '-- Rows without a label.\nSELECT {{ batch_columns }}\nFROM {{ features }}\nWHERE {{ label_known_day }} IS NULL\n',
    };
  }
  return {
    train,
    test: `-- A share of the rows whose label is known, but for those that stand in for rows without one.
SELECT *
FROM {{ features }}
WHERE {{ label_known_day }} <= {{ as_of_day }} AND {{ entity_hash }} < {{ test_share_hash }}
  AND ({{ entity_hash }} >= {{ stand_in }} OR EXISTS (SELECT 1 FROM {{ features }} WHERE {{ label_known_day }} IS NULL))${classes}
`,
    fresh: `-- Rows without a label; as long as there are none, some that neither train nor test stand in for them.
SELECT {{ batch_columns }}
FROM {{ features }}
WHERE {{ label_known_day }} IS NULL
  OR ({{ entity_hash }} < {{ stand_in }} AND NOT EXISTS (SELECT 1 FROM {{ features }} WHERE {{ label_known_day }} IS NULL))
`,
  };
}

function byTime({ target, split }: Choices): Readonly<Record<'train' | 'test' | 'fresh', string>> {
  const classes = target.task === 'multiclass' ? KNOWN_CLASS : '';
  const waits = split.by === 'time' && split.knownAt === undefined;
  const older = waits ? '\n  OR ({{ label_known_day }} IS NULL AND {{ time_day }} >= {{ train_from_day }} AND {{ time_day }} < {{ as_of_day }})' : '';
  return {
    train: `-- Rows of the train window whose label was known before the first test cutoff; the window's last days are held out.
SELECT
  *,
  CASE WHEN {{ time_day }} >= {{ validation_from_day }} THEN 'validation' ELSE 'fit' END AS fold
FROM {{ features }}
WHERE {{ time_day }} >= {{ train_from_day }} AND {{ time_day }} < {{ test_from_day }}
  AND {{ label_known_day }} <= {{ first_test_cutoff_day }}
  AND NOT {{ excluded }}
`,
    test: `-- Rows of the test window whose label was known before the as-of date.
SELECT *
FROM {{ features }}
WHERE {{ time_day }} >= {{ test_from_day }} AND {{ time_day }} < {{ as_of_day }}
  AND {{ label_known_day }} <= {{ as_of_day }}
  AND NOT {{ excluded }}${classes}
`,
    fresh: `-- Rows of the days to be scored${waits ? ', and older ones that have no label yet' : ''}. No label: nobody has it yet.
SELECT {{ batch_columns }}
FROM {{ features }}
WHERE ({{ time_day }} >= {{ as_of_day }} AND {{ time_day }} < {{ fresh_until_day }})${older}
`,
  };
}
