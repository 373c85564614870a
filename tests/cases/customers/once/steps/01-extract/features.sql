-- Each customer as the first snapshot has it.
SELECT
  s.customer_id,
  s.snapshot_date_day - c.joined_on_day AS tenure_days,
  s.monthly_fee,
  s.usage_hours,
  s.contract,
  c.plan,
  c.city,
  s.churned,
  s.churn_known_on,
  s.churn_known_on_day
FROM {{ snapshots }} AS s
JOIN {{ customers }} AS c ON c.customer_id = s.customer_id
JOIN (SELECT customer_id, min(snapshot_date_day) AS day FROM {{ snapshots }} GROUP BY customer_id) AS firsts
  ON firsts.customer_id = s.customer_id AND firsts.day = s.snapshot_date_day
WHERE s.snapshot_date_day <= {{ as_of_day }}
