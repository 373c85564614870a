-- The past of each route on the same weekday of the last four weeks, as it was known at each cutoff.
WITH weeks AS (
  SELECT 1 AS week UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
)
SELECT origin, destination, flight_date_day + 7 * week AS day, sum(flights) AS flights_4, sum(late) AS late_4
FROM {{ route_daily }} CROSS JOIN weeks
WHERE flight_date_day < flight_date_day + 7 * week - {{ lead_days }}
  AND known_on_day <= flight_date_day + 7 * week - {{ lead_days }}
GROUP BY origin, destination, flight_date_day + 7 * week
