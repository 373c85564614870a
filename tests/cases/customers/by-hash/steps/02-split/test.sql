-- One customer in five, in every snapshot of the time whose label was known by the as-of date.
SELECT *
FROM {{ features }}
WHERE {{ entity_hash }} < {{ test_share_hash }}
  AND {{ time_day }} >= {{ train_from_day }} AND {{ time_day }} < {{ as_of_day }}
  AND {{ label_known_day }} <= {{ as_of_day }}
  AND NOT {{ excluded }}
