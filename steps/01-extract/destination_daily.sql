-- Finished flights by destination, day flown and day known.
SELECT destination, flight_date_day, known_on_day, sum(flights) AS flights, sum(late) AS late
FROM {{ route_daily }}
GROUP BY destination, flight_date_day, known_on_day
