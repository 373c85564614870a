-- What is known of each flight at midnight before its day: key, time, features, slices and, once it is known, the label.
-- Counts are whole numbers until the one division at the end, so that every engine gives the same shares.
SELECT
  r.flight_id,
  r.flight_date,
  r.flight_date_day,
  r.distance,
  b.latitude - a.latitude AS latitude_change,
  b.longitude - a.longitude AS longitude_change,
  CAST((r.flight_date_day + 4) % 7 AS TEXT) AS weekday,
  CAST(substr(CAST(r.flight_date AS TEXT), 9, 2) AS INTEGER) AS day_of_month,
  r.origin,
  r.destination,
  a.state AS origin_state,
  b.state AS destination_state,
  coalesce(o.flights_1, 0) AS origin_flights_1,
  CAST(o.late_1 AS DOUBLE) / NULLIF(o.flights_1, 0) AS origin_late_1,
  coalesce(o.flights_7, 0) AS origin_flights_7,
  CAST(o.late_7 AS DOUBLE) / NULLIF(o.flights_7, 0) AS origin_late_7,
  coalesce(o.flights_28, 0) AS origin_flights_28,
  CAST(o.late_28 AS DOUBLE) / NULLIF(o.flights_28, 0) AS origin_late_28,
  coalesce(d.flights_1, 0) AS destination_flights_1,
  CAST(d.late_1 AS DOUBLE) / NULLIF(d.flights_1, 0) AS destination_late_1,
  coalesce(d.flights_7, 0) AS destination_flights_7,
  CAST(d.late_7 AS DOUBLE) / NULLIF(d.flights_7, 0) AS destination_late_7,
  coalesce(d.flights_28, 0) AS destination_flights_28,
  CAST(d.late_28 AS DOUBLE) / NULLIF(d.flights_28, 0) AS destination_late_28,
  coalesce(t.flights_28, 0) AS route_flights_28,
  CAST(t.late_28 AS DOUBLE) / NULLIF(t.flights_28, 0) AS route_late_28,
  coalesce(w.flights_4, 0) AS weekday_flights_4,
  CAST(w.late_4 AS DOUBLE) / NULLIF(w.flights_4, 0) AS weekday_late_4,
  coalesce(n.flights_1, 0) AS network_flights_1,
  CAST(n.late_1 AS DOUBLE) / NULLIF(n.flights_1, 0) AS network_late_1,
  CASE WHEN o.flights_28 >= 2800 THEN 'large' WHEN o.flights_28 >= 280 THEN 'medium' ELSE 'small' END AS origin_size,
  r.late,
  r.known_on,
  r.known_on_day
FROM {{ rows }} AS r
LEFT JOIN {{ airports }} AS a ON a.iata = r.origin
LEFT JOIN {{ airports }} AS b ON b.iata = r.destination
LEFT JOIN {{ place_history }} AS o ON o.side = 'origin' AND o.place = r.origin AND o.day = r.cutoff_day
LEFT JOIN {{ place_history }} AS d ON d.side = 'destination' AND d.place = r.destination AND d.day = r.cutoff_day
LEFT JOIN {{ route_history }} AS t ON t.origin = r.origin AND t.destination = r.destination AND t.day = r.cutoff_day
LEFT JOIN {{ weekday_history }} AS w ON w.origin = r.origin AND w.destination = r.destination AND w.day = r.flight_date_day
LEFT JOIN {{ network_history }} AS n ON n.day = r.cutoff_day
