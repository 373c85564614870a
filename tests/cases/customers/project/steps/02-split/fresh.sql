-- The customers of the newest snapshot. No label: nobody has it yet.
SELECT {{ batch_columns }}
FROM {{ features }}
WHERE {{ time_day }} >= {{ as_of_day }} AND {{ time_day }} < {{ fresh_until_day }}
