-- Finished flights by route, day flown and day known: the only pass over history, everything else adds these up.
SELECT
  origin,
  destination,
  flight_date_day,
  known_on_day,
  count(*) AS flights,
  sum(CASE WHEN arrival_delay > {{ late_minutes }} THEN 1 ELSE 0 END) AS late
FROM {{ flights }}
WHERE flight_date_day >= {{ rows_from_day }} - {{ lead_days }} - 28
  AND flight_date_day < {{ rows_until_day }} - {{ lead_days }}
  AND known_on_day IS NOT NULL
-- The source comes by day, so that grouping by days first leaves SQLite little to sort.
GROUP BY flight_date_day, known_on_day, origin, destination
