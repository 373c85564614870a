-- Airports, as the CSV file has them; a state that reads NA is that text, not a missing value.
SELECT iata, city, state, CAST(latitude AS DOUBLE) AS latitude, CAST(longitude AS DOUBLE) AS longitude
FROM read_csv({{ airports_file }}, header = true, all_varchar = true, nullstr = '')
ORDER BY iata
