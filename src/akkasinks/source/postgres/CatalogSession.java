package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import akkasinks.change.Type.Scalar;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Completes Relation messages from the catalog, and checks again what can change after CREATE: the
 * unique key and the replica identity. Used by the stream's thread.
 */
final class CatalogSession implements Described.Describer {
  private static final Set<Scalar> INTEGERS = EnumSet.of(Scalar.INT2, Scalar.INT4, Scalar.INT8);

  private final PostgresSpec spec;
  private final LazySession session;
  private final Checks checks;
  private final TypeCatalog types = new TypeCatalog();
  private final SameTable table;
  private @Nullable Relation last;

  /**
   * @param session may be shared with others of the same thread
   * @param table that the stream began with
   */
  CatalogSession(PostgresSpec spec, LazySession session, SameTable table) {
    this.spec = spec;
    this.session = session;
    this.checks = new Checks(spec);
    this.table = table;
  }

  @Override
  public Described describe(RelationMessage message) {
    return session.over(
        "cannot look up table " + spec.tableName(), connection -> describe(message, connection));
  }

  private Described describe(RelationMessage message, Connection session) throws SQLException {
    same(message);
    var now = checks.table(session);
    if (now.oid() != table.oid()) {
      throw table.recreated().exception();
    }
    var names = message.attributes().stream().map(RelationMessage.Attribute::name).toList();
    identity(message, names);
    checks.identity(now, names);
    if (spec.keyEnforced() && !now.unique(spec.key())) {
      throw Failure.of(
              Code.KEY_MISSING,
              "the unique key behind KEY (%s) of table %s is gone"
                  .formatted(String.join(", ", spec.key()), spec.tableName()))
          .hint(
              "CREATE UNIQUE INDEX ON %s (%s); and keep the columns NOT NULL."
                  .formatted(
                      spec.tableName(),
                      String.join(", ", spec.key().stream().map(Sql::name).toList())))
          .exception();
    }
    var columns = new ArrayList<Column>();
    boolean[] identity = new boolean[names.size()];
    for (int i = 0; i < names.size(); i++) {
      var attribute = message.attributes().get(i);
      var known = types.type(session, attribute.typeOid());
      columns.add(
          new Column(
              attribute.name(),
              known.type(),
              attribute.modifier() >= 0 ? attribute.modifier() : known.modifier(),
              now.column(attribute.name())
                  .map(c -> !c.notNull() || c.typeOid() != attribute.typeOid())
                  .orElse(true),
              Representation.POSTGRES_TEXT));
      identity[i] = attribute.identity();
    }
    var relation =
        new Relation(
            Integer.toUnsignedLong(message.oid()),
            message.schema(),
            message.name(),
            columns,
            spec.toldKey());
    keyTypes(relation);
    last = relation;
    return new Described(relation, identity);
  }

  private void same(RelationMessage message) {
    if (message.oid() != (int) table.oid()) {
      throw table.recreated().exception();
    }
    if (!message.schema().equals(spec.schema()) || !message.name().equals(spec.table())) {
      throw table.renamed(message.schema(), message.name()).exception();
    }
  }

  /** What the old rows of the following changes carry, as it was when they were made. */
  private void identity(RelationMessage message, List<String> names) {
    for (var column : spec.key()) {
      if (!names.contains(column)) {
        throw Failure.of(
                Code.SCHEMA_CHANGED,
                "column \"%s\" of KEY is no longer published of table %s"
                    .formatted(column, spec.tableName()))
            .hint("Drop the sink and create it with another KEY.")
            .exception();
      }
    }
    if (message.identity() == 'f') {
      return;
    }
    boolean carried =
        message.attributes().stream().allMatch(a -> a.identity() || !spec.key().contains(a.name()));
    if (spec.needsBefore() || !carried) {
      throw Failure.of(
              Code.PREREQUISITE,
              "changes of table %s were made while its replica identity did not carry %s"
                  .formatted(
                      spec.tableName(),
                      spec.needsBefore() ? "the whole row" : "all columns of KEY"))
          .hint(
              "ALTER TABLE %s REPLICA IDENTITY FULL; then ALTER SINK … RESNAPSHOT."
                  .formatted(spec.tableName()))
          .exception();
    }
  }

  private void keyTypes(Relation relation) {
    var before = last;
    if (before == null) {
      return;
    }
    for (var column : spec.key()) {
      int was = before.indexOf(column);
      if (was < 0) {
        continue;
      }
      var old = before.columns().get(was).type();
      var fresh = relation.columns().get(relation.indexOf(column)).type();
      if (!old.equals(fresh) && !(integer(old) && integer(fresh))) {
        throw Failure.of(
                Code.SCHEMA_CHANGED,
                "the type of column \"%s\" of KEY of table %s has changed"
                    .formatted(column, spec.tableName()))
            .detail("Records written so far have keys of the old form.")
            .hint("Drop the sink and create it again, with a new topic.")
            .exception();
      }
    }
  }

  private static boolean integer(Type type) {
    return type instanceof Scalar scalar && INTEGERS.contains(scalar);
  }

  /** The published columns of the table as it is now. */
  static Relation relation(
      Connection session,
      TypeCatalog types,
      TableInspection.Table table,
      List<String> published,
      List<String> toldKey)
      throws SQLException {
    var columns = new ArrayList<Column>();
    for (var column : table.columns()) {
      if (published.contains(column.name())) {
        var known = types.type(session, column.typeOid());
        columns.add(
            new Column(
                column.name(),
                known.type(),
                column.modifier() >= 0 ? column.modifier() : known.modifier(),
                !column.notNull(),
                Representation.POSTGRES_TEXT));
      }
    }
    return new Relation(table.oid(), table.schema(), table.name(), columns, toldKey);
  }
}
