package akkasinks.cli;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.TopicReader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A node over a database of its own, for tests of what CREATE SINK can be told. */
final class ShapesShop implements AutoCloseable {
  final RealNode node;
  final RealPostgres.Database database;

  private ShapesShop(RealNode node, RealPostgres.Database database) {
    this.node = node;
    this.database = database;
  }

  static ShapesShop start(Path dir, String name, String... tables) throws SQLException {
    var database = RealPostgres.shared().createDatabase(name);
    database.execute(tables);
    var node = RealNode.start(dir, Map.of());
    node.connect(database);
    node.sql(
        """
        CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL = 'PLAINTEXT');
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        """
            .formatted(RealKafka.shared().bootstrap()));
    return new ShapesShop(node, database);
  }

  /** Creates sink and topic of one name, with one partition; its records once there are so many. */
  List<TopicReader.Entry> sink(String name, String table, String clauses, int records) {
    create(name, table, "TOPIC PARTITION COUNT 1", clauses);
    return records(name, records);
  }

  void create(String name, String table, String options, String clauses) {
    node.sql(
        "CREATE SINK %s FROM shop.%s INTO KAFKA CONNECTION kafka (TOPIC '%s', %s) %s"
            .formatted(name, table, name, options, clauses));
    Await.until(name + " runs", () -> node.state(name), "running"::equals);
  }

  List<TopicReader.Entry> records(String topic, int count) {
    return RealKafka.shared().reader().awaitCommitted(topic, count);
  }

  /** What {@code DESCRIBE SINK} says of one property. */
  String property(String sink, String property) {
    return node.rows("DESCRIBE SINK " + sink).stream()
        .filter(row -> property.equals(row.get("property")))
        .map(row -> row.getOrDefault("value", ""))
        .findFirst()
        .orElse("");
  }

  /** The message that the statement is refused with. */
  String refused(String table, String clauses) {
    return node.refused(
            "CREATE SINK bad FROM shop.%s INTO KAFKA CONNECTION kafka (TOPIC 'bad') %s"
                .formatted(table, clauses))
        .path("message")
        .asText();
  }

  @Override
  public void close() {
    node.close();
  }
}
