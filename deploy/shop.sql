-- The first start of the shop's Postgres: two tables, a role that may read them, and a publication.
CREATE TABLE customers (
    id integer PRIMARY KEY, name text NOT NULL, city text, vip boolean NOT NULL DEFAULT false);
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id integer NOT NULL, status text NOT NULL,
    total numeric(10,2) NOT NULL, placed_at timestamptz NOT NULL);

-- Whole old rows in the log: values stored out of line would else be left out of updates.
ALTER TABLE customers REPLICA IDENTITY FULL;
ALTER TABLE orders REPLICA IDENTITY FULL;

INSERT INTO customers
SELECT i, 'Customer ' || i, (ARRAY['Lisbon', 'Oslo', 'Quito', NULL])[1 + i % 4], i % 50 = 0
FROM generate_series(1, 1000) i;
INSERT INTO orders
SELECT i, 1 + i * 7919 % 1000, (ARRAY['new', 'paid', 'sent', 'closed'])[1 + i % 4],
    (i * 37 % 100000) / 100.0, timestamptz '2026-01-01 UTC' + i * interval '3 minutes'
FROM generate_series(1::bigint, 10000) i;

CREATE PUBLICATION akkasinks FOR TABLE customers, orders;
