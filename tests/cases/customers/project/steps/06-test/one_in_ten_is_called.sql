-- About one customer in ten is to be called: the threshold that was settled on older snapshots still fits.
-- severity: warn
SELECT positives, everyone
FROM (SELECT sum(class) AS positives, count(*) AS everyone FROM {{ staged }}) AS tonight
WHERE positives * 20 < everyone OR positives * 5 > everyone
