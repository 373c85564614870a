-- The snapshots of the year before those, as far as their labels were known before the first test snapshot.
SELECT
  *,
  CASE WHEN {{ time_day }} >= {{ validation_from_day }} THEN 'validation' ELSE 'fit' END AS fold
FROM {{ features }}
WHERE {{ time_day }} >= {{ train_from_day }} AND {{ time_day }} < {{ test_from_day }}
  AND {{ label_known_day }} <= {{ first_test_cutoff_day }}
  AND NOT {{ excluded }}
