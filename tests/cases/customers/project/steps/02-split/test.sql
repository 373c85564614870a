-- The snapshots before it, as far as it was known by the as-of date who stayed and who left.
SELECT *
FROM {{ features }}
WHERE {{ time_day }} >= {{ test_from_day }} AND {{ time_day }} < {{ as_of_day }}
  AND {{ label_known_day }} <= {{ as_of_day }}
  AND NOT {{ excluded }}
