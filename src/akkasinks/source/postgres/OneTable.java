package akkasinks.source.postgres;

import akkasinks.base.FailureException;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.source.ChangeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The table of a sink that has one. */
final class OneTable implements StreamTables {
  private static final Runnable NOTHING = () -> {};

  private final TableChanges table;
  private final List<Snapshot> snapshot;

  OneTable(TableChanges table) {
    this.table = table;
    this.snapshot = table.snapshot().map(List::of).orElse(List.of());
  }

  @Override
  public @Nullable TableChanges of(int oid) {
    return oid == table.oid() ? table : null;
  }

  @Override
  public Relation relation() {
    return table.relation();
  }

  /** One of the same name has taken the table's place: the describer says so. */
  @Override
  public void elsewhere(RelationMessage message) {
    var relation = table.relation();
    if (message.schema().equals(relation.schema()) && message.name().equals(relation.name())) {
      table.describe(message, NOTHING);
    }
  }

  @Override
  public void describe(TableChanges described) {}

  @Override
  public PostgresPosition keeping(PostgresPosition place) {
    return place.at(place.end(), place.within(), table.snapshot().flatMap(Snapshot::state));
  }

  @Override
  public List<Snapshot> snapshots() {
    return snapshot.isEmpty() || snapshot.getFirst().running() ? snapshot : List.of();
  }

  @Override
  public void failed(TableChanges failed, FailureException why) {
    throw why;
  }

  @Override
  public void failed(Snapshot of, FailureException why) {
    throw why;
  }

  @Override
  public boolean atomic() {
    return false;
  }

  @Override
  public void look(Supplier<PostgresPosition> place) {}

  @Override
  public Optional<ChangeSource.Snapshot> progress() {
    return table.snapshot().filter(Snapshot::running).map(Snapshot::progress);
  }

  @Override
  public String waiting() {
    return table.snapshot().map(Snapshot::waiting).orElse("");
  }

  @Override
  public String notice() {
    return "";
  }

  @Override
  public void close() {
    snapshot.forEach(Snapshot::close);
  }
}
