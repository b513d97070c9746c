SELECT
  MD5(
    CAST(JSON_ARRAY("t1"."key:book", CAST("t1"."key:id" AS TEXT)) AS TEXT) || '|value|amount|' || '0'
  ) AS "break_id",
  CAST(JSON_ARRAY("t1"."key:book", CAST("t1"."key:id" AS TEXT)) AS TEXT) AS "key",
  'amount' AS "field",
  'value' AS "kind",
  COALESCE("t1"."a:raw:amount", CAST("t1"."a:amount" AS TEXT)) AS "value_a",
  COALESCE("t1"."b:raw:amount", CAST("t1"."b:amount" AS TEXT)) AS "value_b",
  (
    NOT "t1"."a:raw:amount" IS NULL
  ) OR (
    NOT "t1"."b:raw:amount" IS NULL
  ) AS "invalid"
FROM (
  SELECT
    *
  FROM "pairs" AS "t0"
  WHERE
    NOT (
      "t0"."a:amount" IS NOT DISTINCT FROM "t0"."b:amount"
      AND "t0"."a:raw:amount" IS NOT DISTINCT FROM "t0"."b:raw:amount"
    )
    AND NOT (
      COALESCE(
        NOT (
          "t0"."a:amount" IS NOT DISTINCT FROM "t0"."b:amount"
          AND "t0"."a:raw:amount" IS NOT DISTINCT FROM "t0"."b:raw:amount"
        )
        AND (
          (
            "t0"."a:raw:amount" IS NULL
          ) AND (
            "t0"."b:raw:amount" IS NULL
          )
        )
        AND (
          (
            ABS(
              CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
            ) <= CAST(0.01 AS DECIMAL(2, 2))
          )
          OR (
            ABS(
              CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
            ) <= MULTIPLY(
              GREATEST(
                ABS(CAST("t0"."a:amount" AS DECIMAL(19, 2))),
                ABS(CAST("t0"."b:amount" AS DECIMAL(19, 2)))
              ),
              CAST(0.001 AS DECIMAL(3, 3))
            )
          )
        ),
        FALSE
      )
    )
) AS "t1"
