-- One row for each customer in each snapshot of the train, test and fresh windows.
SELECT
  customer_id,
  snapshot_date,
  snapshot_date_day,
  snapshot_date_day - {{ lead_days }} AS cutoff_day,
  contract,
  monthly_fee,
  usage_hours,
  churned,
  churn_known_on,
  churn_known_on_day
FROM {{ snapshots }}
WHERE snapshot_date_day >= {{ rows_from_day }} AND snapshot_date_day < {{ rows_until_day }}
