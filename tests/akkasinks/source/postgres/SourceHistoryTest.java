package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A source that is not any more what the position belongs to: stalled with words, never guessed.
 */
class SourceHistoryTest {
  private static Database database() throws Exception {
    var db = RealPostgres.shared().createDatabase("history");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    return db;
  }

  private static Failure refusal(PostgresSource source, PostgresPosition from) {
    return SourceChecksTest.refusal(() -> source.open(from).close());
  }

  /** The failure that reading meets. */
  static Failure stall(PostgresSource source, PostgresPosition from) {
    return SourceChecksTest.refusal(
        () -> {
          try (var stream = source.open(from)) {
            Sample.read(stream, 10);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aSlotThatIsGoneOrWasMadeAgainIsNoticed() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = (PostgresPosition) source.begin();
    db.execute("SELECT pg_drop_replication_slot('s_" + db.name() + "')");
    var gone = refusal(source, from);
    assertThat(gone.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(gone.message()).isEqualTo("replication slot \"s_" + db.name() + "\" is gone");
    assertThat(gone.hint()).contains("RESNAPSHOT");
    db.execute(
        "INSERT INTO t VALUES (1, 1)",
        "SELECT pg_create_logical_replication_slot('s_" + db.name() + "', 'pgoutput')");
    var moved = refusal(source, from);
    assertThat(moved.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(moved.message()).contains("beyond the sink's frontier " + Lsn.text(from.end()));
    source.forget();
  }

  @Test
  void anInvalidatedSlotIsNoticed() throws Exception {
    try (var postgres =
        RealPostgres.start(
            18,
            Map.of(
                "max_slot_wal_keep_size", "1MB", "max_wal_size", "32MB", "min_wal_size", "32MB"))) {
      var db = postgres.createDatabase("lost");
      db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
      var source = new PostgresSource(Sample.spec(db, "t", "id"));
      var from = (PostgresPosition) source.begin();
      for (int i = 0; i < 4; i++) {
        db.execute("INSERT INTO t SELECT " + i + " * 10, 1", "SELECT pg_switch_wal()");
      }
      db.execute("CHECKPOINT");
      var failure = refusal(source, from);
      assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(failure.message())
          .isEqualTo(
              "replication slot \"s_"
                  + db.name()
                  + "\" was invalidated by the server: wal_removed");
    }
  }

  @Test
  void anotherClusterIsNoticed() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = (PostgresPosition) source.begin();
    var elsewhere = PostgresPosition.of("42", from.timeline(), from.slot(), from.end());
    assertThat(refusal(source, elsewhere).message()).contains("another PostgreSQL cluster");
    var future = PostgresPosition.of(from.systemIdentifier(), 7, from.slot(), from.end());
    var timeline = refusal(source, future);
    assertThat(timeline.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(timeline.message()).contains("the server is on timeline 1, which");
    source.forget();
  }

  @Test
  void aTimelineHistoryTellsWhereALineLeft() {
    var history = "1\t0/3000000\tno recovery target specified\n\n2\t1/A0\treason\n";
    assertThat(History.leftAt(history, 1)).contains(0x3000000L);
    assertThat(History.leftAt(history, 2)).contains(0x1_0000_00A0L);
    assertThat(History.leftAt(history, 3)).isEmpty();
  }

  @Test
  void aSlotHeldByADeadClientsBackendIsTakenOver() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = source.begin();
    var zombie = source.open(from);
    db.execute("INSERT INTO t VALUES (1, 1)");
    try (var stream = source.open(from)) {
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 1,1");
    }
    var lost =
        SourceChecksTest.refusal(
            () -> {
              try {
                Sample.read(zombie, 2);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(lost.code()).isEqualTo(Code.CONNECTION_LOST);
    zombie.close();
    source.forget();
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void aDroppedPublicationStopsTheStreamWithItsOwnWords(int version) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("history");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    db.execute("CREATE PUBLICATION p FOR TABLE t");
    var source = new PostgresSource(Sample.through(Sample.spec(db, "t", "id"), "p"));
    var from = (PostgresPosition) source.begin();
    db.execute("DROP PUBLICATION p", "INSERT INTO t VALUES (1, 1)");
    assertThat(refusal(source, from).message()).isEqualTo("publication \"p\" does not exist");
    db.execute("CREATE PUBLICATION p FOR TABLE t");
    var failure = stall(source, from);
    assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(failure.message())
        .isEqualTo("publication \"p\" does not exist where the stream has come to");
    assertThat(failure.hint()).contains("RESNAPSHOT");
    try (var stream = source.open(source.again(Optional.of(from)))) {
      assertThat(Sample.read(stream, 1).changes()).contains("READ - → 1,1");
    }
    source.forget();
    assertThat(db.query("SELECT pubname FROM pg_publication")).hasSize(1);
  }

  @Test
  void tablesThatAreRenamedDroppedOrMadeAgainStallTheStream() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = (PostgresPosition) source.begin();
    try (var stream = source.open(from)) {
      db.execute("ALTER TABLE t RENAME TO u", "INSERT INTO u VALUES (1, 1)");
      var renamed =
          SourceChecksTest.refusal(
              () -> {
                try {
                  Sample.read(stream, 1);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(renamed.code()).isEqualTo(Code.SCHEMA_CHANGED);
      assertThat(renamed.message())
          .isEqualTo("table \"public\".\"t\" was renamed to \"public\".\"u\"");
    }
    assertThat(refusal(source, from).code()).isEqualTo(Code.UNDEFINED_TABLE);
    db.execute("DROP TABLE u", "CREATE TABLE t (id int PRIMARY KEY, n int)");
    assertThat(refusal(source, from).message()).contains("was dropped and created again");
    source.forget();
  }

  @Test
  void aKeyOrIdentityThatIsLostLaterStallsTheStream() throws Exception {
    var db = database();
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var from = (PostgresPosition) source.begin();
    db.execute(
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES (1, 1)");
    var key = stall(source, from);
    assertThat(key.code()).isEqualTo(Code.KEY_MISSING);
    assertThat(key.message())
        .isEqualTo("the unique key behind KEY (id) of table \"public\".\"t\" is gone");
    db.execute("ALTER TABLE t ADD PRIMARY KEY (id)", "ALTER TABLE t REPLICA IDENTITY NOTHING");
    assertThat(refusal(source, from).hint())
        .isEqualTo("ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL;");
    source.forget();
  }
}
