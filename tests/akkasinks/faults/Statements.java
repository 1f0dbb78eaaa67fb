package akkasinks.faults;

import akkasinks.testing.RealPostgres.Database;

/** Statements that many fault tests begin with. */
final class Statements {
  private Statements() {}

  /** Connections {@code pg} and {@code kafka}, and source {@code shop} over all tables. */
  static String connections(Database database, String brokers) {
    return """
    CREATE SECRET pg_password AS '%s';
    CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s',
      PASSWORD SECRET pg_password, DATABASE '%s');
    CREATE CONNECTION kafka TO KAFKA (BROKERS ('%s'), SECURITY PROTOCOL = 'PLAINTEXT');
    CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
    """
        .formatted(
            database.password(),
            database.host(),
            database.port(),
            database.user(),
            database.name(),
            brokers);
  }
}
