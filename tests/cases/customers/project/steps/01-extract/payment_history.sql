-- How late each customer paid, as it was known at each cutoff. A payment that is still open is as late as it is by then.
SELECT
  r.customer_id,
  r.cutoff_day,
  sum(CASE WHEN p.due_on_day >= r.cutoff_day - 31 THEN CASE WHEN p.paid_on_day < r.cutoff_day THEN p.paid_on_day ELSE r.cutoff_day END - p.due_on_day END) AS days_late_31,
  sum(CASE WHEN p.paid_on_day < r.cutoff_day THEN p.paid_on_day ELSE r.cutoff_day END - p.due_on_day) AS days_late_92,
  sum(CASE WHEN p.paid_on_day < r.cutoff_day THEN 0 ELSE 1 END) AS open_payments
FROM {{ rows }} AS r
JOIN {{ payments }} AS p ON p.customer_id = r.customer_id AND p.due_on_day >= r.cutoff_day - 92 AND p.due_on_day < r.cutoff_day
GROUP BY r.customer_id, r.cutoff_day
