-- Scores lie within 0 and 1, and none is missing.
SELECT customer_id, score
FROM {{ staged }}
WHERE score IS NULL OR NOT (score >= 0 AND score <= 1)
