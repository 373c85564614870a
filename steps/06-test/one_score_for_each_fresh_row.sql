-- Every fresh row has one score, and nothing else has.
SELECT {{ key_columns }}, 'not scored' AS problem
FROM (SELECT {{ key_columns }} FROM {{ fresh }} EXCEPT SELECT {{ key_columns }} FROM {{ staged }}) AS unscored
UNION ALL
SELECT {{ key_columns }}, 'not in the fresh batch'
FROM (SELECT {{ key_columns }} FROM {{ staged }} EXCEPT SELECT {{ key_columns }} FROM {{ fresh }}) AS unknown_rows
UNION ALL
SELECT {{ key_columns }}, 'scored more than once'
FROM {{ staged }}
GROUP BY {{ key_columns }}
HAVING count(*) > 1
