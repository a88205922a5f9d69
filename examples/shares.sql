-- 直接查询扫描结果 · a scan queried as it is: duckdb < shares.sql
SELECT source.year AS year,
       count(*) AS reports,
       round(avg(dimensions.factor.sentence_share), 4) AS factor,
       round(avg(dimensions.industry.sentence_share), 4) AS industry,
       round(avg(dimensions.relations.sentence_share), 4) AS relations
FROM read_json('scan.jsonl', format = 'newline_delimited', union_by_name = true,
               maximum_object_size = 33554432)
WHERE dimensions IS NOT NULL
GROUP BY ALL
ORDER BY year;
