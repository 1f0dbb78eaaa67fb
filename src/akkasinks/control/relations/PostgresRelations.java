package akkasinks.control.relations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * As much of PostgreSQL's own catalog as drivers read when they connect: the types there are.
 * Npgsql asks for them with all relations below in its joins, most of which may be empty.
 */
final class PostgresRelations {
  private static final long NAMESPACE = 11;
  private static final long ARRAY_RECEIVE = 2400;

  /** name, oid, length, oid of its array. */
  private static final List<PgType> TYPES =
      List.of(
          new PgType("bool", 16, 1, 1000),
          new PgType("bytea", 17, -1, 1001),
          new PgType("name", 19, 64, 1003),
          new PgType("int8", 20, 8, 1016),
          new PgType("int2", 21, 2, 1005),
          new PgType("int4", 23, 4, 1007),
          new PgType("text", 25, -1, 1009),
          new PgType("oid", 26, 4, 1028),
          new PgType("json", 114, -1, 199),
          new PgType("float4", 700, 4, 1021),
          new PgType("float8", 701, 8, 1022),
          new PgType("bpchar", 1042, -1, 1014),
          new PgType("varchar", 1043, -1, 1015),
          new PgType("date", 1082, 4, 1182),
          new PgType("timestamp", 1114, 8, 1115),
          new PgType("timestamptz", 1184, 8, 1185),
          new PgType("interval", 1186, 16, 1187),
          new PgType("numeric", 1700, -1, 1231),
          new PgType("uuid", 2950, 16, 2951),
          new PgType("jsonb", 3802, -1, 3807));

  private record PgType(String name, long oid, long length, long array) {}

  private PostgresRelations() {}

  static final List<Declared> ALL =
      List.of(
          of(
              "pg_type",
              "oid int8, typname text, typnamespace int8, typlen int4, typtype text,"
                  + " typcategory text, typnotnull bool, typrelid int8, typelem int8,"
                  + " typarray int8, typbasetype int8, typreceive int8, typdelim text",
              types()),
          of(
              "pg_namespace",
              "oid int8, nspname text",
              List.of(
                  new Cells().number(NAMESPACE).text(Declared.POSTGRES).row(),
                  new Cells().number(2200).text("public").row())),
          of(
              "pg_proc",
              "oid int8, proname text",
              List.of(new Cells().number(ARRAY_RECEIVE).text("array_recv").row())),
          of("pg_class", "oid int8, relname text, relnamespace int8, relkind text", List.of()),
          of("pg_range", "rngtypid int8, rngsubtype int8, rngmultitypid int8", List.of()),
          of(
              "pg_enum",
              "oid int8, enumtypid int8, enumsortorder float8, enumlabel text",
              List.of()),
          of(
              "pg_attribute",
              "attrelid int8, attname text, atttypid int8, attnum int4, attisdropped bool",
              List.of()));

  private static Declared of(String name, String columns, List<List<Optional<String>>> rows) {
    return Declared.of(Declared.POSTGRES, name, columns, _ -> rows);
  }

  private static List<List<Optional<String>>> types() {
    List<List<Optional<String>>> rows = new ArrayList<>();
    for (PgType type : TYPES) {
      rows.add(row(type.oid(), type.name(), type.length(), 0, type.array()));
      rows.add(row(type.array(), "_" + type.name(), -1, type.oid(), 0));
    }
    return rows;
  }

  private static List<Optional<String>> row(
      long oid, String name, long length, long element, long array) {
    boolean isArray = element != 0;
    return new Cells()
        .number(oid)
        .text(name)
        .number(NAMESPACE)
        .number(length)
        .text("b")
        .text(isArray ? "A" : "U")
        .flag(false)
        .number(0)
        .number(element)
        .number(array)
        .number(0)
        .number(isArray ? ARRAY_RECEIVE : 0)
        .text(",")
        .row();
  }
}
