-- The past of each route as it was known at each cutoff: flights and late ones over the last 28 days.
-- A running sum over what came into the window and what left it, as in place_history.
WITH changes AS (
  SELECT origin, destination, known_on_day AS day, flights, late
  FROM {{ route_daily }}
  WHERE known_on_day <= flight_date_day + 28
  UNION ALL
  SELECT origin, destination, flight_date_day + 28 + 1, -flights, -late
  FROM {{ route_daily }}
  WHERE known_on_day <= flight_date_day + 28
  UNION ALL
  SELECT DISTINCT origin, destination, cutoff_day, 0, 0
  FROM {{ rows }}
),
by_day AS (
  SELECT origin, destination, day, sum(flights) AS flights, sum(late) AS late
  FROM changes
  GROUP BY origin, destination, day
)
SELECT origin, destination, day, sum(flights) OVER so_far AS flights_28, sum(late) OVER so_far AS late_28
FROM by_day
WINDOW so_far AS (PARTITION BY origin, destination ORDER BY day)
