-- The others of whom it is known.
SELECT
  *,
  CASE WHEN {{ entity_hash }} < {{ validation_share_hash }} THEN 'validation' ELSE 'fit' END AS fold
FROM {{ features }}
WHERE {{ label_known_day }} <= {{ as_of_day }} AND {{ entity_hash }} >= {{ test_share_hash }}
