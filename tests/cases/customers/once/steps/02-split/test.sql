-- Three customers in ten of whom it is known.
SELECT *
FROM {{ features }}
WHERE {{ label_known_day }} <= {{ as_of_day }} AND {{ entity_hash }} < {{ test_share_hash }}
