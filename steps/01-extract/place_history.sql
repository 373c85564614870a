-- The past of each origin and destination as it was known at each cutoff: flights and late ones over the last 1, 7 and 28 days.
-- A day flown enters a window at the cutoff at which it is known and leaves it when the window has moved on, so a running
-- sum over these comings and goings is the window, whatever its length.
WITH windows AS (
  SELECT 1 AS days UNION ALL SELECT 7 UNION ALL SELECT 28
),
changes AS (
  SELECT side, place, days, known_on_day AS day, flights, late
  FROM {{ place_daily }} CROSS JOIN windows
  WHERE known_on_day <= flight_date_day + days
  UNION ALL
  SELECT side, place, days, flight_date_day + days + 1, -flights, -late
  FROM {{ place_daily }} CROSS JOIN windows
  WHERE known_on_day <= flight_date_day + days
  UNION ALL
  SELECT DISTINCT 'origin', origin, 0, cutoff_day, 0, 0 FROM {{ rows }}
  UNION ALL
  SELECT DISTINCT 'destination', destination, 0, cutoff_day, 0, 0 FROM {{ rows }}
),
by_day AS (
  SELECT
    side,
    place,
    day,
    sum(CASE WHEN days = 1 THEN flights ELSE 0 END) AS flights_1,
    sum(CASE WHEN days = 1 THEN late ELSE 0 END) AS late_1,
    sum(CASE WHEN days = 7 THEN flights ELSE 0 END) AS flights_7,
    sum(CASE WHEN days = 7 THEN late ELSE 0 END) AS late_7,
    sum(CASE WHEN days = 28 THEN flights ELSE 0 END) AS flights_28,
    sum(CASE WHEN days = 28 THEN late ELSE 0 END) AS late_28
  FROM changes
  GROUP BY side, place, day
)
SELECT
  side,
  place,
  day,
  sum(flights_1) OVER so_far AS flights_1,
  sum(late_1) OVER so_far AS late_1,
  sum(flights_7) OVER so_far AS flights_7,
  sum(late_7) OVER so_far AS late_7,
  sum(flights_28) OVER so_far AS flights_28,
  sum(late_28) OVER so_far AS late_28
FROM by_day
WINDOW so_far AS (PARTITION BY side, place ORDER BY day)
