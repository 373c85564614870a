-- Tickets that each customer opened in the 30 and 90 days before each cutoff.
SELECT
  r.customer_id,
  r.cutoff_day,
  sum(CASE WHEN t.opened_on_day >= r.cutoff_day - 30 THEN 1 ELSE 0 END) AS tickets_30,
  count(*) AS tickets_90
FROM {{ rows }} AS r
JOIN {{ tickets }} AS t ON t.customer_id = r.customer_id AND t.opened_on_day >= r.cutoff_day - 90 AND t.opened_on_day < r.cutoff_day
GROUP BY r.customer_id, r.cutoff_day
