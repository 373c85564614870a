-- Rows of the test window whose label was known before the as-of date.
SELECT *
FROM {{ features }}
WHERE {{ time_day }} >= {{ test_from_day }} AND {{ time_day }} < {{ as_of_day }}
  AND {{ label_known_day }} <= {{ as_of_day }}
  AND NOT {{ excluded }}
