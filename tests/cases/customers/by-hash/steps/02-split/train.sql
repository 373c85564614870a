-- The other customers, in the same snapshots; all those of some customers are held out.
SELECT
  *,
  CASE WHEN {{ entity_hash }} < {{ validation_share_hash }} THEN 'validation' ELSE 'fit' END AS fold
FROM {{ features }}
WHERE {{ entity_hash }} >= {{ test_share_hash }}
  AND {{ time_day }} >= {{ train_from_day }} AND {{ time_day }} < {{ as_of_day }}
  AND {{ label_known_day }} <= {{ as_of_day }}
  AND NOT {{ excluded }}
