package akkasinks.cli;

import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import akkasinks.testing.TopicReader.Entry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** A node with a source of a database of its own, and a connection {@code csr} to a registry. */
record AvroShop(RealNode node, RealPostgres.Database database) implements AutoCloseable {
  static final RealRegistry REGISTRY = RealRegistry.shared();

  static final String USING = " FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ";

  static AvroShop start(Path dir, String name) throws SQLException {
    var database = RealPostgres.shared().createDatabase(name);
    var node = RealNode.start(dir, Map.of());
    node.connect(database);
    node.connect(RealKafka.shared());
    node.connect(REGISTRY);
    node.sql("CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES");
    return new AvroShop(node, database);
  }

  /** With fifty rows. */
  void table(String name) throws SQLException {
    database.execute(
        "CREATE TABLE " + name + " (id int PRIMARY KEY, note text, price numeric(10,2) NOT NULL)",
        "ALTER TABLE " + name + " REPLICA IDENTITY FULL",
        "INSERT INTO " + name + " SELECT i, 'n' || i, i / 2.0 FROM generate_series(1, 50) i");
  }

  /** Of such a table, into a topic of its name. */
  static String sink(String name, String options, String envelope) {
    return "CREATE SINK "
        + name
        + " FROM shop.public."
        + name
        + " INTO KAFKA CONNECTION kafka (TOPIC '"
        + name
        + "', TOPIC PARTITION COUNT 5) KEY (id)"
        + USING
        + options
        + " ENVELOPE "
        + envelope;
  }

  /** The last value of each key, both as Avro prints them. */
  static Map<String, String> fold(List<Entry> records) {
    Map<String, String> fold = new TreeMap<>();
    for (Entry record : records) {
      var key = decoded(record.keyBytes()).toString();
      if (record.valueBytes() == null) {
        fold.remove(key);
      } else {
        fold.put(key, decoded(record.valueBytes()).toString());
      }
    }
    return fold;
  }

  /** The schema's. */
  static int id(byte @Nullable [] message) {
    return ByteBuffer.wrap(message).getInt(1);
  }

  /** By the schema that the registry has under the id in the message. */
  static GenericRecord decoded(byte @Nullable [] message) {
    return REGISTRY.decoded(message);
  }

  @Override
  public void close() {
    node.close();
  }
}
