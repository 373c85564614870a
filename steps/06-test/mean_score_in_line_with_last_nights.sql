-- The mean score lies within the range of the last nights, widened by a tenth on either side.
-- severity: warn
-- needs: 3 nights
WITH nights AS (
  SELECT as_of, avg(score) AS mean FROM {{ scores }} WHERE as_of < {{ as_of }} GROUP BY as_of ORDER BY as_of DESC LIMIT 28
),
usual AS (SELECT min(mean) AS lowest, max(mean) AS highest FROM nights),
tonight AS (SELECT avg(score) AS mean FROM {{ staged }})
SELECT mean, lowest, highest
FROM tonight CROSS JOIN usual
WHERE mean < lowest - 0.1 OR mean > highest + 0.1
