-- Finished flights by origin, day flown and day known.
SELECT origin, flight_date_day, known_on_day, sum(flights) AS flights, sum(late) AS late
FROM {{ route_daily }}
GROUP BY origin, flight_date_day, known_on_day
