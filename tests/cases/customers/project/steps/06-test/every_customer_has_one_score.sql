-- Every customer of the snapshot has one score, and nobody else has.
SELECT f.customer_id, f.snapshot_date, count(s.customer_id) AS scores
FROM {{ fresh }} AS f
LEFT JOIN {{ staged }} AS s ON s.customer_id = f.customer_id AND s.snapshot_date = f.snapshot_date
GROUP BY f.customer_id, f.snapshot_date
HAVING count(s.customer_id) <> 1
UNION ALL
SELECT customer_id, snapshot_date, 1
FROM {{ staged }} AS s
WHERE NOT EXISTS (SELECT 1 FROM {{ fresh }} AS f WHERE f.customer_id = s.customer_id AND f.snapshot_date = s.snapshot_date)
