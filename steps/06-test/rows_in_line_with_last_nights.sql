-- As many fresh rows as on the last nights, give or take a half.
-- severity: warn
-- needs: 3 nights
WITH nights AS (
  SELECT as_of, count(*) AS found FROM {{ scores }} WHERE as_of < {{ as_of }} GROUP BY as_of ORDER BY as_of DESC LIMIT 28
),
usual AS (SELECT avg(found) AS expected FROM nights),
tonight AS (SELECT count(*) AS found FROM {{ staged }})
SELECT found, expected
FROM tonight CROSS JOIN usual
WHERE found < 0.5 * expected OR found > 1.5 * expected
