package akkasinks.sql;

import java.util.List;

/** One valid statement of each form. */
final class StatementSamples {
  static final List<String> ALL =
      List.of(
          "CREATE SECRET pg_password AS 'it''s'",
          "CREATE SECRET IF NOT EXISTS s AS E'a\\n\\'b'",
          "ALTER SECRET s AS $$dollar 'quoted'$$",
          "ALTER SECRET IF EXISTS s RENAME TO t",
          "CREATE CONNECTION pg TO POSTGRES (HOST 'localhost', PORT 5432, USER 'shop',"
              + " PASSWORD SECRET pg_password, DATABASE 'shop', SSL MODE = prefer)",
          "CREATE CONNECTION IF NOT EXISTS kafka TO KAFKA (BROKERS ('localhost:9092', 'b:1'),"
              + " SECURITY PROTOCOL = 'PLAINTEXT', request.timeout.ms = 5000)"
              + " WITH (VALIDATE = false)",
          "CREATE CONNECTION k2 TO KAFKA (BROKER 'a:1', SECURITY PROTOCOL PLAINTEXT)",
          "CREATE SOURCE shop FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES",
          "CREATE SOURCE IF NOT EXISTS s2 FROM POSTGRES CONNECTION pg"
              + " FOR TABLES (a, s.b AS c, \"Odd\".\"N\"\"ame\")",
          "CREATE SOURCE s3 FROM POSTGRES CONNECTION pg FOR SCHEMAS (public, \"from\")",
          "CREATE SINK orders_sink FROM orders INTO KAFKA CONNECTION kafka (TOPIC 'orders') KEY"
              + " (id) FORMAT JSON ENVELOPE UPSERT",
          "CREATE SINK IF NOT EXISTS orders_cdc FROM shop.public.orders INTO KAFKA CONNECTION kafka"
              + " (TOPIC 'orders-cdc', COMPRESSION TYPE zstd, TOPIC PARTITION COUNT 3,"
              + " TOPIC CONFIG MAP['cleanup.policy' => 'compact', 'x' => ''], linger.ms = -1)"
              + " KEY (id, \"Line No\") NOT ENFORCED FORMAT JSON (BYTES = 'base64', TIMESTAMP ="
              + " 'iso') ENVELOPE DEBEZIUM WITH (SNAPSHOT = false, ON EXCEEDED DROP SLOT)",
          "CREATE SINK x FROM t INTO KAFKA CONNECTION k (TOPIC 't') WITH (SNAPSHOT)"
              + " ENVELOPE UPSERT FORMAT JSON KEY (a)",
          "ALTER SINK o RENAME TO p",
          "ALTER SINK IF EXISTS o PAUSE",
          "ALTER SINK o RESUME",
          "ALTER SINK o RESNAPSHOT",
          "ALTER CONNECTION pg RENAME TO pg2",
          "ALTER SOURCE shop RENAME TO shop2",
          "DROP SINK IF EXISTS o CASCADE",
          "DROP SECRET s",
          "DROP CONNECTION IF EXISTS c CASCADE",
          "DROP SOURCE s CASCADE",
          "SHOW SECRETS",
          "SHOW CONNECTIONS",
          "SHOW SOURCES",
          "SHOW SINKS",
          "SHOW DEBTS",
          "SHOW SINK o",
          "SHOW CREATE SINK o",
          "SHOW CREATE CONNECTION pg",
          "SHOW CREATE SOURCE shop",
          "DESCRIBE SINK o",
          "VERIFY SINK o",
          "VALIDATE CONNECTION pg");

  private StatementSamples() {}
}
