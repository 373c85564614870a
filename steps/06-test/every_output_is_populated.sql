-- Every batch has rows, and every staged row a date, a run, a class and a rank.
SELECT 'train is empty' AS problem, 0 AS found WHERE NOT EXISTS (SELECT 1 FROM {{ train }})
UNION ALL
SELECT 'test is empty', 0 WHERE NOT EXISTS (SELECT 1 FROM {{ test }})
UNION ALL
SELECT 'staged is empty', 0 WHERE NOT EXISTS (SELECT 1 FROM {{ staged }})
UNION ALL
SELECT 'staged rows lack a value', count(*)
FROM {{ staged }}
WHERE as_of IS NULL OR as_of <> {{ as_of }} OR run_id IS NULL OR class IS NULL OR rank IS NULL
HAVING count(*) > 0
