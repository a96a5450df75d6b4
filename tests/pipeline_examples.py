"""Queries over a small shop that are right and wrong in known ways."""

RIGHT = """
SELECT c.customer_id, c.city, count(o.amount) AS orders, sum(o.amount) AS spent
FROM customers c LEFT JOIN orders o USING (customer_id)
GROUP BY ALL
"""
KNOWS_THE_FUTURE = """
SELECT o.order_id, o.ordered, sum(x.amount) AS spent
FROM orders o JOIN orders x USING (customer_id)
GROUP BY ALL
"""
KNOWS_THE_PAST = """
SELECT o.order_id, o.ordered, sum(x.amount) AS spent
FROM orders o JOIN orders x ON x.customer_id = o.customer_id AND x.ordered <= o.ordered
GROUP BY ALL
"""
