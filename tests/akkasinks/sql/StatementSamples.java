package akkasinks.sql;

import akkasinks.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** One valid statement of each form, and what becomes of them by chance. */
public final class StatementSamples {
  public static final List<String> ALL =
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
          "CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL 'https://csr:8081/a',"
              + " USERNAME = SECRET u, PASSWORD = SECRET p, SSL CERTIFICATE AUTHORITY 'pem')",
          "CREATE SOURCE shop FROM POSTGRES CONNECTION pg (PUBLICATION 'akkasinks') FOR ALL TABLES",
          "CREATE SOURCE IF NOT EXISTS s2 FROM POSTGRES CONNECTION pg"
              + " FOR TABLES (a, s.b AS c, \"Odd\".\"N\"\"ame\")",
          "CREATE SOURCE s3 FROM POSTGRES CONNECTION pg FOR SCHEMAS (public, \"from\")",
          "CREATE SOURCE clicks (id int8 NOT NULL, name text, at timestamp with time zone, PRIMARY"
              + " KEY (id) NOT ENFORCED) FROM KAFKA CONNECTION kafka (TOPIC 'clicks', START OFFSET"
              + " (0, 17)) KEY FORMAT JSON VALUE FORMAT JSON INCLUDE PARTITION, OFFSET AS place,"
              + " TIMESTAMP, HEADERS ENVELOPE UPSERT WITH (ON BAD RECORD = SKIP)",
          "CREATE SOURCE lines FROM KAFKA CONNECTION kafka (TOPIC 'l', START TIMESTAMP -1000)"
              + " FORMAT CSV WITH 3 COLUMNS DELIMITED BY ';'",
          "CREATE SOURCE pm FROM KAFKA CONNECTION k (TOPIC 't') FORMAT PROTOBUF MESSAGE 'a.M' USING"
              + " SCHEMA 'package a; message M {}'",
          "CREATE SOURCE IF NOT EXISTS t FROM KAFKA CONNECTION k (TOPIC 't') FORMAT TEXT ENVELOPE"
              + " NONE",
          "CREATE SINK orders_sink FROM orders INTO KAFKA CONNECTION kafka (TOPIC 'orders') KEY"
              + " (id) FORMAT JSON ENVELOPE UPSERT",
          "CREATE SINK IF NOT EXISTS orders_cdc FROM shop.public.orders INTO KAFKA CONNECTION kafka"
              + " (TOPIC 'orders-cdc', COMPRESSION TYPE zstd, TOPIC PARTITION COUNT 3,"
              + " TOPIC CONFIG MAP['cleanup.policy' => 'compact', 'x' => ''], linger.ms = -1)"
              + " KEY (id, \"Line No\") NOT ENFORCED FORMAT JSON (BYTES = 'base64', TIMESTAMP ="
              + " 'iso') ENVELOPE DEBEZIUM WITH (SNAPSHOT = false, ON EXCEEDED DROP SLOT)",
          "CREATE SINK x FROM t INTO KAFKA CONNECTION k (TOPIC 't') WITH (SNAPSHOT)"
              + " ENVELOPE UPSERT FORMAT JSON KEY (a)",
          "CREATE SINK av FROM t INTO KAFKA CONNECTION k (TOPIC 't') KEY (a) FORMAT AVRO USING"
              + " CONFLUENT SCHEMA REGISTRY CONNECTION csr (AVRO KEY FULLNAME 'a.k', AVRO VALUE"
              + " FULLNAME = 'a.v', NULL DEFAULTS, KEY COMPATIBILITY LEVEL 'NONE', DOC ON TYPE"
              + " t = 'of t', VALUE DOC ON COLUMN public.t.\"Odd\" = 'it''s') ENVELOPE UPSERT",
          "EXPLAIN VALUE SCHEMA FOR CREATE SINK FROM t INTO KAFKA CONNECTION k (TOPIC 't') KEY (a)"
              + " FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ENVELOPE UPSERT",
          "EXPLAIN KEY SCHEMA AS JSON FOR CREATE SINK s FROM t INTO KAFKA CONNECTION k (TOPIC 't')"
              + " ENVELOPE UPSERT FORMAT JSON KEY (a)",
          "CREATE SINK pr FROM t INTO KAFKA CONNECTION k (TOPIC 't') KEY (a) FORMAT PROTOBUF USING"
              + " CONFLUENT SCHEMA REGISTRY CONNECTION csr (PROTOBUF KEY MESSAGE 'a.K', VALUE"
              + " COMPATIBILITY LEVEL 'FULL') ENVELOPE DEBEZIUM",
          "ALTER SINK o RENAME TO p",
          "ALTER SINK o SET (COMPRESSION TYPE = 'zstd', COMMIT INTERVAL '1s', HEADERS = h)",
          "ALTER SINK o RESET (PARTITION BY, linger.ms)",
          "ALTER SINK o SET FROM shop.other WITH (DIFF = true)",
          "CREATE SINK y FROM t INTO KAFKA CONNECTION k (TOPIC 't', PARTITION BY ="
              + " kafka_murmur2(a || CASE WHEN b IN (1, -2) THEN 'x' END) % 5, DELIVERY ="
              + " 'at-least-once') KEY (a) HEADERS h OMIT COLUMNS (h, c) KEY FORMAT TEXT VALUE"
              + " FORMAT JSON ENVELOPE DEBEZIUM (FULL, TOMBSTONES = true)",
          "ALTER SINK IF EXISTS o PAUSE",
          "ALTER SINK o RESUME",
          "ALTER SINK o RESNAPSHOT",
          "ALTER CONNECTION pg RENAME TO pg2",
          "CREATE CONNECTION t TO SSH TUNNEL (HOST 'b', USER 'u', PORT 22, HOST KEY 'k a')",
          "ALTER CONNECTION t ROTATE KEYS",
          "ALTER CONNECTION IF EXISTS k SET (BROKER = 'a:1', PROGRESS TOPIC 'p'), DROP (client.id),"
              + " RESET (SECURITY PROTOCOL, client.rack) WITH (VALIDATE = false)",
          "COMMENT ON SECRET s IS 'it''s'",
          "COMMENT ON CONNECTION pg IS NULL",
          "COMMENT ON COLUMN shop.public.orders.\"Total\" IS $$in cents$$",
          "SHOW COMMENTS",
          "SHOW REDACTED CREATE SINK o",
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
          "SHOW RIGHTS FOR SINK o",
          "SHOW CREATE CONNECTION pg",
          "SHOW CREATE SOURCE shop",
          "DESCRIBE SINK o",
          "VERIFY SINK o",
          "VALIDATE CONNECTION pg",
          "CREATE ROLE ann",
          "CREATE ROLE ann WITH LOGIN PASSWORD 'x' NOSUPERUSER",
          "CREATE USER bob ENCRYPTED PASSWORD 'x'",
          "ALTER ROLE ann NOLOGIN SUPERUSER PASSWORD NULL",
          "DROP ROLE IF EXISTS ann, bob",
          "GRANT USAGE ON CONNECTION kafka, pg TO ann, public",
          "GRANT CREATE ON SCHEMA public TO ann",
          "REVOKE USAGE ON SECRET s FROM ann",
          "ALTER SINK IF EXISTS o OWNER TO ann",
          "ALTER SECRET s OWNER TO ann",
          "ALTER CONNECTION pg OWNER TO ann",
          "ALTER SOURCE shop OWNER TO ann",
          "SHOW ROLES",
          "SHOW PRIVILEGES");

  private static final Pattern BETWEEN_TOKENS = Pattern.compile("(?<=\\W)|(?=\\W)");

  private StatementSamples() {}

  /** With one token or byte changed, moved, lost or added. */
  public static String mutated(Random random, String sql) {
    List<String> tokens = new ArrayList<>(List.of(BETWEEN_TOKENS.split(sql)));
    int at = random.nextInt(tokens.size());
    switch (random.nextInt(7)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, tokens.get(random.nextInt(tokens.size())));
      case 2 -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
      case 3 -> tokens.set(at, Seeds.text(random, 10));
      case 4 -> {
        return sql.substring(0, random.nextInt(sql.length() + 1));
      }
      case 5 -> {
        String other = Seeds.oneOf(random, ALL);
        return sql.substring(0, random.nextInt(sql.length() + 1))
            + other.substring(random.nextInt(other.length()));
      }
      default -> {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return new String(
            bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
      }
    }
    return String.join("", tokens);
  }
}
