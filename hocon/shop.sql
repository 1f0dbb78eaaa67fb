-- The demo's sinks. It runs this file with the ports of its own Postgres and Kafka; with yours it is
-- ./akkasinks sql -f hocon/shop.sql

-- Kept encrypted; SHOW CREATE, logs and messages between nodes only ever name it.
CREATE SECRET pg_password AS 'shop';

-- Where changes come from, and where they go. Both are tried before they are accepted.
CREATE CONNECTION pg TO POSTGRES (
    HOST 'localhost', PORT 5432, USER 'shop', PASSWORD SECRET pg_password, DATABASE 'shop');
CREATE CONNECTION kafka TO KAFKA (BROKERS ('localhost:9092'), SECURITY PROTOCOL = 'PLAINTEXT');

-- Tables of a publication that the shop made: CREATE PUBLICATION akkasinks FOR TABLE …
CREATE SOURCE shop FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES;

-- UPSERT: the topic holds the newest row of each key; a deleted row is a record without a value.
-- Such topics are compacted, so they stay as large as their table.
CREATE SINK customers_sink FROM customers
    INTO KAFKA CONNECTION kafka (
        TOPIC 'customers', TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
    KEY (id) FORMAT JSON ENVELOPE UPSERT;

CREATE SINK orders_sink FROM orders
    INTO KAFKA CONNECTION kafka (
        TOPIC 'orders', TOPIC PARTITION COUNT 3, TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
    KEY (id) FORMAT JSON (TIMESTAMP = 'iso') ENVELOPE UPSERT;

-- Changes of an order line within two seconds leave as one record.
CREATE SINK order_lines_sink FROM order_lines
    INTO KAFKA CONNECTION kafka (
        TOPIC 'order-lines', TOPIC PARTITION COUNT 3,
        TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
    KEY (order_id, line) FORMAT JSON ENVELOPE UPSERT WITH (COMMIT INTERVAL = '2s');

-- DEBEZIUM: every change with the row before and after it, from now on. The row before is known
-- because the shop said ALTER TABLE orders REPLICA IDENTITY FULL.
CREATE SINK orders_cdc FROM orders
    INTO KAFKA CONNECTION kafka (TOPIC 'orders-cdc')
    KEY (id) FORMAT JSON ENVELOPE DEBEZIUM WITH (SNAPSHOT = false);
