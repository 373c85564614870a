-- Customers of whom it is not yet known. No label.
SELECT {{ batch_columns }}
FROM {{ features }}
WHERE {{ label_known_day }} > {{ as_of_day }}
