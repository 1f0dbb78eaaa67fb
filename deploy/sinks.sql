-- The first sinks of docker-compose.yml: psql -h 127.0.0.1 -p 6875 -f deploy/sinks.sql, or ./akkasinks sql -f deploy/sinks.sql
-- Their passwords stand in no statement: each node reads them from its environment.

CREATE CONNECTION pg TO POSTGRES (
    HOST 'shop', PORT 5432, USER 'shop', PASSWORD '${env:AKKASINKS_SHOP_PASSWORD}', DATABASE 'shop');
CREATE CONNECTION kafka TO KAFKA (
    BROKERS ('kafka-1:9092', 'kafka-2:9092', 'kafka-3:9092'), SECURITY PROTOCOL = 'PLAINTEXT');
CREATE CONNECTION registry TO CONFLUENT SCHEMA REGISTRY (URL 'http://registry:8080/apis/ccompat/v7');

CREATE SOURCE shop FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES;

CREATE SINK customers_sink FROM customers
    INTO KAFKA CONNECTION kafka (
        TOPIC 'customers', TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
    KEY (id) FORMAT JSON ENVELOPE UPSERT;

CREATE SINK orders_sink FROM orders
    INTO KAFKA CONNECTION kafka (
        TOPIC 'orders', TOPIC PARTITION COUNT 3, TOPIC CONFIG MAP['cleanup.policy' => 'compact'])
    KEY (id) FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION registry ENVELOPE UPSERT;
