package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.SnapshotState;
import akkasinks.change.SourceTables;
import akkasinks.change.SourceTables.Begun;
import akkasinks.source.ChangeSource;
import akkasinks.source.postgres.OfferedTables.Offered;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of a whole source. Some are in the stream already; the others wait, and enter it
 * between two transactions, a few at a time, each with a snapshot of its own beside the stream.
 *
 * <p>A table that has not entered may have changes in the stream, which are dropped. That is exact
 * because its snapshot begins as one beside a stream that goes on: no chunk is read before every
 * transaction that could have been streamed until then has ended, and so is in what the chunks
 * read.
 */
final class ManyTables implements StreamTables {
  private static final Logger LOG = LoggerFactory.getLogger(ManyTables.class);

  /** Snapshots that run at once: each has two sessions, and its part of the progress record. */
  static final int AT_ONCE = 4;

  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Runnable NOTHING = () -> {};

  private final PostgresSpec spec;
  private final PostgresSpec.Whole whole;
  private final TableOpening opening;
  private final TableWatch watch;

  private final Map<Integer, TableChanges> known = new HashMap<>();
  private final Map<Integer, RelationMessage> described = new HashMap<>();
  private final ArrayDeque<Offered> waiting = new ArrayDeque<>();
  private final List<TableChanges> reading = new ArrayList<>();
  private final TreeMap<Long, Begun> begun;
  private final TreeMap<Long, Begun> excluded;

  private final LeftOut leftOut = new LeftOut();

  private volatile List<Snapshot> snapshots = List.of();
  private volatile String notice = "";
  private SourceTables saved;
  private boolean changed;
  private @Nullable List<Offered> seen;
  private @Nullable TableChanges last;
  private long retryAt = System.nanoTime() + RETRY.toNanos();
  private volatile long rowsDone;

  ManyTables(
      PostgresSpec spec,
      PostgresSpec.Whole whole,
      TableOpening opening,
      TableWatch watch,
      SourceTables saved) {
    this.spec = spec;
    this.whole = whole;
    this.opening = opening;
    this.watch = watch;
    this.saved = saved;
    this.begun = new TreeMap<>(saved.begun());
    this.excluded = new TreeMap<>(saved.excluded());
    excluded.values().forEach(t -> leftOut.put(shown(t), "excluded earlier"));
  }

  /** Takes up the tables that were in the stream at {@code at}, and sees which are to come. */
  void resume(Connection connection, PostgresPosition at) throws SQLException {
    for (var table : List.copyOf(begun.entrySet())) {
      long oid = table.getKey();
      var state = Optional.ofNullable(saved.reading().get(oid));
      if (state.isEmpty()) {
        enter(oid, opening.known(oid, table.getValue()));
      } else {
        try {
          var its = table.getValue();
          var sound = opening.look(connection, new Offered(oid, its.schema(), its.name()), true);
          sameKey(its, sound);
          enter(oid, opening.open(connection, sound, state, at));
        } catch (FailureException e) {
          leave(oid, e);
        }
      }
    }
    seen = watch.published();
    compare(seen);
    show();
  }

  private static void sameKey(Begun its, TableOpening.Sound now) {
    if (!now.spec().key().equals(its.key())) {
      throw Failure.of(
              Code.KEY_MISSING,
              "the unique key (%s) of table %s is another one now: (%s)"
                  .formatted(
                      String.join(", ", its.key()),
                      shown(its),
                      String.join(", ", now.spec().key())))
          .hint("Make it again: records written so far have keys of the old form.")
          .exception();
    }
  }

  @Override
  public @Nullable TableChanges of(int oid) {
    var again = last;
    if (again == null || again.oid() != oid) {
      again = known.get(oid);
      last = again;
    }
    return again;
  }

  @Override
  public Relation relation() {
    return Relation.NONE;
  }

  @Override
  public void elsewhere(RelationMessage message) {
    described.put(message.oid(), message);
  }

  /** The walsender describes a table once, perhaps before it entered the stream. */
  @Override
  public void describe(TableChanges table) {
    var message = described.remove(table.oid());
    if (message != null) {
      table.describe(message, NOTHING);
    }
  }

  @Override
  public PostgresPosition keeping(PostgresPosition place) {
    return place.with(state());
  }

  /** The same object until something changes. */
  private SourceTables state() {
    sweep();
    var now = new TreeMap<Long, SnapshotState>();
    boolean same = !changed && reading.size() == saved.reading().size();
    for (var table : reading) {
      long oid = table.relation().id();
      var state = table.snapshot().flatMap(Snapshot::state).orElseThrow();
      same = same && saved.reading().get(oid) == state;
      now.put(oid, state);
    }
    if (!same) {
      saved = new SourceTables(begun, now, excluded, saved.steps() + 1);
      changed = false;
    }
    return saved;
  }

  /** Tables whose snapshot is done are like all others from now on. */
  private void sweep() {
    boolean done = false;
    for (var table : reading) {
      var snapshot = table.snapshot().orElseThrow();
      if (!snapshot.running()) {
        rowsDone += snapshot.progress().rows();
        snapshot.close();
        done = true;
      }
    }
    if (done) {
      reading.removeIf(table -> !table.snapshot().orElseThrow().running());
      changed = true;
      show();
    }
  }

  @Override
  public List<Snapshot> snapshots() {
    return snapshots;
  }

  @Override
  public void failed(TableChanges table, FailureException why) {
    leave(table.relation().id(), why);
  }

  @Override
  public void failed(Snapshot snapshot, FailureException why) {
    reading.stream()
        .filter(table -> table.snapshot().filter(its -> its == snapshot).isPresent())
        .findFirst()
        .ifPresent(table -> failed(table, why));
  }

  /** Leaves a table out that was in the stream, if the sink shall go on without. */
  private void leave(long oid, FailureException why) {
    if (!excludes(why)) {
      throw why;
    }
    var its = begun.remove(oid);
    if (its == null) {
      throw why;
    }
    excluded.put(oid, its);
    var table = known.remove((int) oid);
    last = null;
    if (table != null && reading.remove(table)) {
      table.snapshot().ifPresent(Snapshot::close);
    }
    LOG.warn("slot {}: table {} is excluded: {}", spec.slot(), shown(its), why.getMessage());
    leftOut.put(shown(its), why.failure().message());
    changed = true;
    show();
  }

  private boolean excludes(FailureException why) {
    return whole.excludes() && why.failure().code().remedy() == Code.Remedy.USER;
  }

  @Override
  public boolean atomic() {
    return whole.atomic();
  }

  @Override
  public void look(Supplier<PostgresPosition> place) {
    sweep();
    var now = watch.published();
    boolean again = System.nanoTime() - retryAt > 0;
    if (now != seen || again) {
      retryAt = System.nanoTime() + RETRY.toNanos();
      compare(now);
      seen = now;
      show();
    }
    while (!waiting.isEmpty() && (reading.size() < AT_ONCE || !spec.snapshot())) {
      var at = place.get();
      if (at.within().isPresent()) {
        return;
      }
      enter(waiting.remove(), at);
      show();
    }
  }

  /** What has come, and what has gone. */
  private void compare(List<Offered> now) {
    var byOid = now.stream().collect(Collectors.toMap(Offered::oid, table -> table));
    for (var table : List.copyOf(begun.entrySet())) {
      gone(table.getKey(), table.getValue(), Optional.ofNullable(byOid.get(table.getKey())))
          .ifPresent(why -> leave(table.getKey(), why.exception()));
    }
    waiting.clear();
    for (var table : now) {
      if (!begun.containsKey(table.oid()) && !excluded.containsKey(table.oid())) {
        earlier(table)
            .ifPresentOrElse(why -> refuse(table, why.exception()), () -> waiting.add(table));
      }
    }
  }

  private Optional<Failure> gone(long oid, Begun its, Optional<Offered> now) {
    if (now.isEmpty()) {
      return Optional.of(
          Failure.of(
                  Code.UNDEFINED_TABLE,
                  "table %s was dropped, or is no longer in publication \"%s\""
                      .formatted(shown(its), spec.publicationName()))
              .detail("Its topic keeps what it holds.")
              .hint("ALTER SINK … SET (ON TABLE ERROR = EXCLUDE) goes on without it."));
    }
    return now.get().schema().equals(its.schema()) && now.get().name().equals(its.name())
        ? Optional.empty()
        : Optional.of(
            new SameTable(its.schema(), its.name(), oid)
                .renamed(now.get().schema(), now.get().name()));
  }

  /** A table that bears the name of one that was in the stream would write into its topic. */
  private Optional<Failure> earlier(Offered table) {
    return Stream.concat(begun.values().stream(), excluded.values().stream())
        .filter(its -> its.schema().equals(table.schema()) && its.name().equals(table.name()))
        .findFirst()
        .map(_ -> new SameTable(table.schema(), table.name(), table.oid()).recreated());
  }

  private void refuse(Offered table, FailureException why) {
    if (!excludes(why)) {
      throw why;
    }
    if (leftOut.put(table.shown(), why.failure().message())) {
      LOG.warn("slot {}: table {} is left out: {}", spec.slot(), table.shown(), why.getMessage());
    }
  }

  /** The table enters the stream here. */
  private void enter(Offered table, PostgresPosition at) {
    try {
      opening
          .session()
          .over(
              "cannot begin table " + table.shown(),
              connection -> {
                var sound = opening.look(connection, table, true);
                Optional<SnapshotState> state =
                    spec.snapshot()
                        ? Optional.of(SnapshotState.beside(Visibles.now(connection), false))
                        : Optional.empty();
                enter(table.oid(), opening.open(connection, sound, state, at));
                begun.put(table.oid(), sound.begun());
                return true;
              });
      leftOut.remove(table.shown());
      changed = true;
      FailPoints.reach("source.table.entered");
    } catch (FailureException e) {
      refuse(table, e);
    }
  }

  private void enter(long oid, TableChanges table) {
    known.put((int) oid, table);
    if (table.snapshot().isPresent()) {
      reading.add(table);
    }
    show();
  }

  /** What other threads see. */
  private void show() {
    snapshots = reading.stream().flatMap(table -> table.snapshot().stream()).toList();
    int left = spec.snapshot() ? waiting.size() + reading.size() : 0;
    notice = leftOut.notice(left, begun.size() + waiting.size(), watch.refused());
  }

  private static String shown(Begun table) {
    return Sql.name(table.schema(), table.name());
  }

  @Override
  public Optional<ChangeSource.Snapshot> progress() {
    var running = snapshots;
    return running.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChangeSource.Snapshot(
                rowsDone + running.stream().mapToLong(s -> s.progress().rows()).sum(), -1));
  }

  @Override
  public String waiting() {
    return snapshots.stream()
        .map(Snapshot::waiting)
        .filter(why -> !why.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Override
  public String notice() {
    return notice;
  }

  @Override
  public void close() {
    snapshots.forEach(Snapshot::close);
  }
}
