-- Finished flights by place, as an origin and as a destination, by day flown and day known.
SELECT 'origin' AS side, origin AS place, flight_date_day, known_on_day, sum(flights) AS flights, sum(late) AS late
FROM {{ route_daily }}
GROUP BY origin, flight_date_day, known_on_day
UNION ALL
SELECT 'destination', destination, flight_date_day, known_on_day, sum(flights), sum(late)
FROM {{ route_daily }}
GROUP BY destination, flight_date_day, known_on_day
