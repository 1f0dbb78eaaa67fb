package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.PostgresPosition.Origin;
import akkasinks.change.Relation;
import akkasinks.change.SourceTables;
import akkasinks.source.ChangeSource;
import akkasinks.source.postgres.OfferedTables.Offered;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.jdbc.PgConnection;

/**
 * All tables of a source, as the source of one sink: one slot, and each of the database's
 * transactions in one piece. Tables that come later join by themselves.
 */
public final class WholeSource implements ChangeSource {
  private static final int NAMED = 5;

  private final PostgresSpec spec;
  private final PostgresSpec.Whole whole;
  private final Sessions sessions;
  private final Publication publication;
  private final OfferedTables offered;
  private final SinkSlot slot;
  private final SlotReading reading;

  public WholeSource(PostgresSpec spec) {
    this.spec = spec;
    this.whole = spec.whole().orElseThrow();
    this.sessions = new Sessions(spec.settings());
    this.publication = new Publication(spec);
    this.offered = new OfferedTables(spec, whole.tables());
    this.slot = SinkSlot.of(spec, sessions);
    this.reading = new SlotReading(spec, sessions, slot.slot());
  }

  /** A whole source has no one relation: {@link #inspectAll}. */
  @Override
  public Inspection inspect() {
    throw new UnsupportedOperationException("a whole source is inspected table by table");
  }

  /** What the sink would carry now, and what is to be said of it. */
  public record Inspected(List<Relation> tables, List<Notice> notices) {}

  /**
   * Each table that the sink would carry now.
   *
   * @throws FailureException of the first table that cannot be carried, unless such are excluded
   */
  public Inspected inspectAll() {
    return slot.over(
        "cannot inspect the source's tables",
        connection -> {
          new Checks(spec).server(connection);
          var opening = opening();
          var tables = publication.owned() ? offered.all(connection) : publishedOrFail(connection);
          var sound = new ArrayList<Relation>();
          var not = new ArrayList<FailureException>();
          for (var table : tables) {
            try {
              var found = opening.look(connection, table, !publication.owned());
              sound.add(found.published().relation());
            } catch (FailureException e) {
              not.add(e);
            }
          }
          sessions.replication("check " + spec.slot()).close();
          return judged(sound, not);
        });
  }

  private List<Offered> publishedOrFail(Connection connection) throws SQLException {
    publicationOid(connection);
    return offered.published(connection);
  }

  private Inspected judged(List<Relation> sound, List<FailureException> not) {
    if (not.isEmpty()) {
      return new Inspected(sound, List.of());
    }
    var all =
        not.stream()
            .limit(NAMED)
            .map(e -> e.failure().message())
            .collect(Collectors.joining("; ", "", not.size() > NAMED ? "; …" : ""));
    if (!whole.excludes()) {
      var first = not.getFirst().failure();
      throw first
          .detail(
              not.size() == 1
                  ? first.detail()
                  : "So it is with %d tables: %s.".formatted(not.size(), all))
          .hint(first.hint() + " Or leave such tables out: WITH (ON TABLE ERROR = EXCLUDE).")
          .exception(not.getFirst());
    }
    return new Inspected(
        sound, List.of(Notice.of("%d tables are left out: %s".formatted(not.size(), all))));
  }

  @Override
  public Position begin() {
    return slot.over(
        "cannot begin slot \"" + spec.slot() + "\"",
        connection -> {
          slot.slot().drop(connection);
          new Checks(spec).server(connection);
          if (publication.owned()) {
            publication.create(connection, List.of());
            publish(connection);
          }
          FailPoints.reach("source.publication.created");
          long oid = publicationOid(connection);
          return slot.begin(connection)
              .position(spec.slot(), Optional.empty(), new Origin(0, oid))
              .with(SourceTables.NONE);
        });
  }

  private void publish(Connection connection) throws SQLException {
    var watch = new TableWatch(spec, whole, offered, opening(), List.of());
    var not = watch.publish(connection);
    if (!whole.excludes() && !not.isEmpty()) {
      throw not.values().iterator().next().exception();
    }
  }

  private long publicationOid(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT oid::bigint FROM pg_publication WHERE pubname = ?")) {
      statement.setString(1, spec.publicationName());
      try (var row = statement.executeQuery()) {
        if (row.next()) {
          return row.getLong(1);
        }
      }
    }
    throw Failure.of(
            Code.UNDEFINED_OBJECT,
            "publication \"%s\" does not exist".formatted(spec.publicationName()))
        .hint(
            spec.publication().isPresent()
                ? "CREATE PUBLICATION %s FOR ALL TABLES;"
                    .formatted(Sql.name(spec.publicationName()))
                : "Drop the sink and create it again.")
        .exception();
  }

  @Override
  public Position again(Optional<Position> frontier) {
    throw Failure.of(Code.NOT_SUPPORTED, "RESNAPSHOT is not supported with FROM SOURCE")
        .hint("Drop the sink and create it again with other topics.")
        .exception();
  }

  @Override
  public Stream open(Position position) {
    if (!(position instanceof PostgresPosition from)) {
      throw Failure.of(Code.INTERNAL, "not a position in PostgreSQL: " + position).exception();
    }
    return slot.over(
        "cannot open slot \"" + spec.slot() + "\"",
        connection -> slot.open(replication -> open(from, connection, replication)));
  }

  private Stream open(PostgresPosition from, Connection connection, PgConnection replication)
      throws SQLException {
    var server = History.check(replication, from);
    slot.require(connection, from);
    long oid = publicationOid(connection);
    if (from.origin().filter(known -> known.publication() != oid).isPresent()) {
      throw Failure.of(
              Code.HISTORY_CHANGED,
              "publication \"%s\" was dropped and created again".formatted(spec.publicationName()))
          .detail("What changed while it was away has not been published.")
          .hint("Drop the sink and create it again with other topics.")
          .exception();
    }
    var published = offered.published(connection);
    FailPoints.reach("source.open.checked");
    var copy = reading.start(connection, replication, from.end());
    FailPoints.reach("source.open.started");
    var at = from.on(server.timeline(), new Origin(0, oid));
    var reader = reading.reader(replication, copy, from.end());
    var session = new LazySession(sessions, "catalog " + spec.slot());
    var opening = new TableOpening(spec, sessions, session);
    var watch = new TableWatch(spec, whole, offered, opening, published);
    var tables =
        new ManyTables(spec, whole, opening, watch, from.tables().orElse(SourceTables.NONE));
    try {
      tables.resume(connection, at);
    } catch (SQLException | RuntimeException e) {
      // Snapshots of tables before the one that failed read already.
      tables.close();
      session.close();
      throw e;
    }
    return slot.stream(reader, tables, at, session, watch);
  }

  /** For looking only. */
  private TableOpening opening() {
    return new TableOpening(spec, sessions, new LazySession(sessions, "look " + spec.slot()));
  }

  /** One table is read as the source of a sink of its own would. */
  @Override
  public Reading read(Duration patience) {
    throw new UnsupportedOperationException("a whole source is read table by table");
  }

  @Override
  public void forget() {
    slot.forget();
  }
}
