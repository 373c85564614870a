-- The flights of the sample, from the Parquet file as it is shipped.
-- The clock is the actual departure on the scheduled day, and the delay that of the arrival: both are outcomes. Numbers are
-- given by day and then by a hash, so that a flight's number says nothing about the time at which it left.
WITH numbered AS (
  SELECT *, row_number() OVER (ORDER BY CAST("date" AS DATE), md5(CAST(file_row_number AS VARCHAR)), file_row_number) AS flight_id
  FROM read_parquet({{ flights_file }}, file_row_number = true)
)
SELECT
  flight_id,
  CAST("date" AS DATE) AS flight_date,
  origin,
  destination,
  distance,
  "date" AS departed_at,
  -- Two delays below −900 minutes are those of a wrapped day.
  CASE WHEN delay < -900 THEN delay + 1440 ELSE delay END AS arrival_delay,
  -- Known the day after the flight, or one more where the clock and the flying time, 40 minutes and 8 miles a minute, pass midnight.
  CAST("date" AS DATE) + CASE WHEN date_part('hour', "date") * 60 + date_part('minute', "date") + 40 + distance / 8.0 >= 1440 THEN 2 ELSE 1 END AS known_on
FROM numbered
WHERE "date" < TIMESTAMP '2001-07-01'
  -- One origin in eight, large and small alike, with every departure; or all of them.
  AND ({{ full }} = 1 OR md5('flights' || origin) < '20')
ORDER BY flight_id
