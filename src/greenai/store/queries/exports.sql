-- Lists of breaks as they are exported: all rows of a filter, in order, read through a cursor.
-- {where} is a condition on p, a row of present_break, from greenai.store.filters; {columns}, {joins} and {order} are made
-- of the fixed words of greenai.store.exports.

-- facts --
-- How many there are, and how the amounts are written: digits behind the point, and before it.
SELECT count(*), coalesce(max(scale(p.amount)), 0), coalesce(max(length(trunc(abs(p.amount))::text)), 0)
FROM greenai.present_break p WHERE {where}

-- rows --
SELECT {columns} FROM greenai.present_break p {joins} WHERE {where} ORDER BY {order}
