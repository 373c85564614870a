-- As many customers as in the last published snapshots, give or take a tenth.
-- severity: warn
-- needs: 2 nights
SELECT found, expected
FROM (SELECT count(*) AS found FROM {{ staged }}) AS tonight
CROSS JOIN (
  SELECT avg(n) AS expected
  FROM (SELECT count(*) AS n FROM {{ scores }} WHERE as_of < {{ as_of }} GROUP BY as_of ORDER BY as_of DESC LIMIT 3) AS nights
) AS usual
WHERE found < 0.9 * expected OR found > 1.1 * expected
