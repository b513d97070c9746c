SELECT
  MD5(
    CAST(JSON_ARRAY("t0"."key:book", CAST("t0"."key:id" AS TEXT)) AS TEXT) || '|only_a||' || '0'
  ) AS "break_id",
  CAST(JSON_ARRAY("t0"."key:book", CAST("t0"."key:id" AS TEXT)) AS TEXT) AS "key",
  CAST(NULL AS TEXT) AS "field",
  'only_a' AS "kind",
  CAST(NULL AS TEXT) AS "value_a",
  CAST(NULL AS TEXT) AS "value_b",
  CAST(NULL AS TEXT) AS "invalid_a",
  CAST(NULL AS TEXT) AS "invalid_b"
FROM "keys" AS "t0"
