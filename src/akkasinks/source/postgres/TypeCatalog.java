package akkasinks.source.postgres;

import akkasinks.change.Type;
import akkasinks.change.Type.Scalar;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Types by their oids: built-in ones are known, others are read from pg_type and remembered. */
final class TypeCatalog {
  private static final Map<Integer, Type> BUILT_IN =
      Map.ofEntries(
          Map.entry(16, Scalar.BOOL),
          Map.entry(17, Scalar.BYTEA),
          Map.entry(19, Scalar.NAME),
          Map.entry(20, Scalar.INT8),
          Map.entry(21, Scalar.INT2),
          Map.entry(22, Scalar.UNKNOWN),
          Map.entry(23, Scalar.INT4),
          Map.entry(25, Scalar.TEXT),
          Map.entry(26, Scalar.OID),
          Map.entry(30, Scalar.UNKNOWN),
          Map.entry(114, Scalar.JSON),
          Map.entry(650, Scalar.CIDR),
          Map.entry(700, Scalar.FLOAT4),
          Map.entry(701, Scalar.FLOAT8),
          Map.entry(829, Scalar.MACADDR),
          Map.entry(869, Scalar.INET),
          Map.entry(1042, Scalar.CHAR),
          Map.entry(1043, Scalar.VARCHAR),
          Map.entry(1082, Scalar.DATE),
          Map.entry(1083, Scalar.TIME),
          Map.entry(1114, Scalar.TIMESTAMP),
          Map.entry(1184, Scalar.TIMESTAMPTZ),
          Map.entry(1186, Scalar.INTERVAL),
          Map.entry(1266, Scalar.TIMETZ),
          Map.entry(1700, Scalar.NUMERIC),
          Map.entry(2950, Scalar.UUID),
          Map.entry(3802, Scalar.JSONB));

  /**
   * A type, and the modifier that a domain brings to its columns.
   *
   * @param modifier as atttypmod, −1 if none
   */
  record Known(Type type, int modifier) {}

  private final Map<Integer, Known> read = new HashMap<>();

  /** The type of that oid (as the wire's signed 32 bits); a type that is gone is UNKNOWN. */
  Known type(Connection connection, int oid) throws SQLException {
    var builtIn = BUILT_IN.get(oid);
    if (builtIn != null) {
      return new Known(builtIn, -1);
    }
    var known = read.get(oid);
    if (known == null) {
      known = read(connection, oid);
      read.put(oid, known);
    }
    return known;
  }

  private Known read(Connection connection, int oid) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT t.typtype, t.typname, t.typcategory = 'A' AND t.typelem <> 0,"
                + " t.typelem::bigint, t.typbasetype::bigint, t.typtypmod, t.typrelid::bigint,"
                + " e.typdelim,"
                + " EXISTS (SELECT FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid"
                + "   WHERE d.objid = t.oid AND d.deptype = 'e' AND x.extname = 'hstore')"
                + " FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem WHERE t.oid = ?")) {
      statement.setLong(1, Integer.toUnsignedLong(oid));
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return new Known(Scalar.UNKNOWN, -1);
        }
        var kind = row.getString(1);
        var name = row.getString(2);
        if (row.getBoolean(3)) {
          var element = type(connection, (int) row.getLong(4)).type();
          return new Known(new Type.Array(element, row.getString(8).charAt(0)), -1);
        }
        return switch (kind) {
          case "e" -> new Known(new Type.Enumerated(name), -1);
          case "d" -> {
            var base = type(connection, (int) row.getLong(5));
            int modifier = row.getInt(6);
            yield new Known(
                new Type.Domain(name, base.type()), modifier >= 0 ? modifier : base.modifier());
          }
          case "c" -> new Known(new Type.Composite(name, fields(connection, row.getLong(7))), -1);
          case "r", "m" -> new Known(new Type.Range(name), -1);
          default ->
              new Known(
                  row.getBoolean(9) && name.equals("hstore") ? Scalar.HSTORE : Scalar.UNKNOWN, -1);
        };
      }
    }
  }

  private List<Type.Field> fields(Connection connection, long relation) throws SQLException {
    var names = new ArrayList<String>();
    var types = new ArrayList<Integer>();
    try (var statement =
        connection.prepareStatement(
            "SELECT attname, atttypid::bigint FROM pg_attribute"
                + " WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
      statement.setLong(1, relation);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
          types.add((int) rows.getLong(2));
        }
      }
    }
    var fields = new ArrayList<Type.Field>();
    for (int i = 0; i < names.size(); i++) {
      fields.add(new Type.Field(names.get(i), type(connection, types.get(i)).type()));
    }
    return fields;
  }
}
