-- All flights of the day before each cutoff, as far as they were known by then.
SELECT flight_date_day + 1 AS day, sum(flights) AS flights_1, sum(late) AS late_1
FROM {{ route_daily }}
WHERE known_on_day <= flight_date_day + 1
GROUP BY flight_date_day + 1
