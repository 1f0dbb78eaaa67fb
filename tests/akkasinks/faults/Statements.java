package akkasinks.faults;

import akkasinks.testing.RealPostgres.Database;

/** Statements that many fault tests begin with. */
final class Statements {
  private Statements() {}

  /**
   * Secret, connections and source, all ending in {@code name}: {@code pg_name}, {@code
   * kafka_name}, {@code shop_name}; the progress topic is {@code progress-name}.
   */
  static String connections(Database database, String brokers, String name, boolean validate) {
    return """
    CREATE SECRET password_%1$s AS '%2$s';
    CREATE CONNECTION pg_%1$s TO POSTGRES (HOST '%3$s', PORT %4$d, USER '%5$s',
      PASSWORD SECRET password_%1$s, DATABASE '%6$s');
    CREATE CONNECTION kafka_%1$s TO KAFKA (BROKERS ('%7$s'), SECURITY PROTOCOL = 'PLAINTEXT',
      PROGRESS TOPIC 'progress-%1$s') WITH (VALIDATE = %8$s);
    CREATE SOURCE shop_%1$s FROM POSTGRES CONNECTION pg_%1$s FOR ALL TABLES;
    """
        .formatted(
            name,
            database.password(),
            database.host(),
            database.port(),
            database.user(),
            database.name(),
            brokers,
            validate);
  }
}
