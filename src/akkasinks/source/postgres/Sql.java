package akkasinks.source.postgres;

/** Names and strings as SQL text: replication commands and DDL take no parameters. */
final class Sql {
  private Sql() {}

  static String name(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  static String name(String schema, String table) {
    return name(schema) + "." + name(table);
  }

  static String string(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
