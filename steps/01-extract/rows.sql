-- The rows of the night: every flight of the train, test and fresh windows, with the day before which it is predicted.
SELECT
  flight_id,
  flight_date,
  flight_date_day,
  flight_date_day - {{ lead_days }} AS cutoff_day,
  origin,
  destination,
  distance,
  CASE WHEN arrival_delay > {{ late_minutes }} THEN 1 WHEN arrival_delay IS NOT NULL THEN 0 END AS late,
  known_on,
  known_on_day
FROM {{ flights }}
WHERE flight_date_day >= {{ rows_from_day }} AND flight_date_day < {{ rows_until_day }}
-- Neighbours of one route and day then join the same rows of its history, which halves the time of SQLite's joins.
ORDER BY flight_date_day, origin, destination
