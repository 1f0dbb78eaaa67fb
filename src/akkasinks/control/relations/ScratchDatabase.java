package akkasinks.control.relations;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.ColumnType;
import akkasinks.command.Outcome;
import akkasinks.command.TextArrays;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Answers one query in a database in memory that nobody else sees, that holds only the relations it
 * names, and that is gone afterwards. The query runs as a user who may read these and nothing else.
 */
final class ScratchDatabase {
  /** Rows that an answer may have. */
  static final int MOST_ROWS = 100_000;

  private static final int SECONDS = 5;
  private static final String OPTIONS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;TIME ZONE=UTC";
  private static final String READER = "reader";

  /** Each may take {@link MemoryLimit#BYTES}. */
  private static final Semaphore AT_ONCE = new Semaphore(2);

  private ScratchDatabase() {}

  /**
   * @throws FailureException for whatever is wrong with the query, at its place; LIMIT if it takes
   *     too long or answers too much
   */
  static Outcome.Rows answer(QueryText query, List<Relation> relations) {
    String url = "jdbc:h2:mem:" + UUID.randomUUID() + OPTIONS;
    AT_ONCE.acquireUninterruptibly();
    // The name is a secret as long as the database lives; the password only tells the users apart.
    try (Connection owner = DriverManager.getConnection(url, "owner", "o")) {
      fill(owner, relations);
      try (Connection reader =
          DriverManager.getConnection(url.substring(0, url.indexOf(';')), READER, "r")) {
        return read(reader, query);
      }
    } catch (SQLException e) {
      throw EngineErrors.failure(e, query).exception(e);
    } finally {
      AT_ONCE.release();
    }
  }

  private static void fill(Connection owner, List<Relation> relations) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute("CREATE USER " + READER + " PASSWORD 'r'");
      for (String schema : relations.stream().map(Relation::schema).distinct().toList()) {
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
        statement.execute("GRANT SELECT ON SCHEMA " + schema + " TO " + READER);
      }
    }
    for (Relation relation : relations) {
      fill(owner, relation);
    }
  }

  private static void fill(Connection owner, Relation relation) throws SQLException {
    String name = relation.schema() + "." + relation.name();
    try (var statement = owner.createStatement()) {
      statement.execute(
          relation.columns().stream()
              .map(column -> "\"" + column.name() + "\" " + declared(column.type()))
              .collect(Collectors.joining(", ", "CREATE TABLE " + name + " (", ")")));
      statement.execute("GRANT SELECT ON " + name + " TO " + READER);
      // Found without its schema by the names' order below, and joined by its first column.
      statement.execute(
          "CREATE INDEX ON " + name + " (\"" + relation.columns().getFirst().name() + "\")");
      if (!relation.schema().equals("public")) {
        statement.execute("CREATE VIEW public." + relation.name() + " AS TABLE " + name);
        statement.execute("GRANT SELECT ON public." + relation.name() + " TO " + READER);
      }
    }
    String places =
        relation.columns().stream()
            .map(column -> column.type() == ColumnType.JSONB ? "? FORMAT JSON" : "?")
            .collect(Collectors.joining(", "));
    try (PreparedStatement insert =
        owner.prepareStatement("INSERT INTO " + name + " VALUES (" + places + ")")) {
      for (List<Optional<String>> row : relation.rows()) {
        for (int i = 0; i < row.size(); i++) {
          set(insert, i + 1, relation.columns().get(i).type(), row.get(i));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void set(PreparedStatement insert, int at, ColumnType type, Optional<String> text)
      throws SQLException {
    if (text.isEmpty()) {
      insert.setNull(at, Types.NULL);
    } else if (type == ColumnType.TEXT_ARRAY) {
      insert.setObject(at, TextArrays.elements(text.get()).toArray());
    } else {
      insert.setString(at, text.get());
    }
  }

  private static String declared(ColumnType type) {
    return switch (type) {
      case BOOL -> "boolean";
      case INT4 -> "integer";
      case INT8 -> "bigint";
      case FLOAT8 -> "double precision";
      case NUMERIC -> "numeric(100, 10)";
      case TEXT -> "varchar";
      case TEXT_ARRAY -> "varchar array";
      case TIMESTAMPTZ -> "timestamp(6) with time zone";
      case JSONB -> "json";
    };
  }

  private static Outcome.Rows read(Connection reader, QueryText query) throws SQLException {
    try (PreparedStatement statement = reader.prepareStatement(query.text())) {
      statement.setQueryTimeout(SECONDS);
      statement.setMaxRows(MOST_ROWS + 1);
      try (MemoryLimit memory = new MemoryLimit(statement)) {
        return read(statement, memory);
      }
    }
  }

  private static Outcome.Rows read(PreparedStatement statement, MemoryLimit memory)
      throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      ResultSetMetaData columns = result.getMetaData();
      List<String> names = new ArrayList<>();
      List<ColumnType> types = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        names.add(EngineValues.name(columns.getColumnLabel(i)));
        types.add(EngineValues.type(columns.getColumnType(i), columns.getColumnTypeName(i)));
      }
      List<List<Optional<String>>> rows = new ArrayList<>();
      while (result.next()) {
        if (rows.size() == MOST_ROWS) {
          throw Failure.of(Code.LIMIT, "the answer has more than " + MOST_ROWS + " rows")
              .hint("Add LIMIT or a condition.")
              .exception();
        }
        List<Optional<String>> row = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
          row.add(EngineValues.text(result, i + 1, types.get(i)));
        }
        rows.add(row);
      }
      return new Outcome.Rows("SELECT " + rows.size(), names, rows, List.of(), types);
    } catch (SQLException e) {
      if (memory.exceeded()) {
        throw Failure.of(Code.LIMIT, "the query needs too much memory")
            .hint("Join fewer relations, or add conditions on their ids.")
            .exception(e);
      }
      throw e;
    }
  }
}
