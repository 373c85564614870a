-- What is known of each customer on the day of a snapshot: key, time, features and, once it is known, the label.
SELECT
  r.customer_id,
  r.snapshot_date,
  r.snapshot_date_day,
  c.email,
  r.cutoff_day - c.joined_on_day AS tenure_days,
  CAST(substr(CAST(r.snapshot_date AS TEXT), 1, 4) AS INTEGER) - c.birth_year AS age,
  r.contract,
  c.plan,
  c.city,
  r.monthly_fee,
  r.usage_hours,
  b.usage_hours AS usage_before,
  p.days_late_31,
  p.days_late_92,
  coalesce(p.open_payments, 0) AS open_payments,
  coalesce(t.tickets_30, 0) AS tickets_30,
  coalesce(t.tickets_90, 0) AS tickets_90,
  r.churned,
  r.churn_known_on,
  r.churn_known_on_day
FROM {{ rows }} AS r
JOIN {{ customers }} AS c ON c.customer_id = r.customer_id
-- The snapshot of the month before lies 28 to 31 days back.
LEFT JOIN {{ snapshots }} AS b
  ON b.customer_id = r.customer_id AND b.snapshot_date_day >= r.cutoff_day - 31 AND b.snapshot_date_day < r.cutoff_day
LEFT JOIN {{ payment_history }} AS p ON p.customer_id = r.customer_id AND p.cutoff_day = r.cutoff_day
LEFT JOIN {{ ticket_history }} AS t ON t.customer_id = r.customer_id AND t.cutoff_day = r.cutoff_day
