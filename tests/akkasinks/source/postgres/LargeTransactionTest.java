package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code.Remedy;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import akkasinks.testing.Await;
import akkasinks.testing.FaultProxy;
import akkasinks.testing.RealPostgres;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A transaction of any size passes in bounded memory, resumes inside, and waits for its reader. */
class LargeTransactionTest {
  private static final int ROWS = Integer.getInteger("large.transaction", 1_000_000);

  /** Follows the ids, which come in order. */
  private static final class Follower {
    private long seen;
    private Position position;
    private long heaviest;

    Follower(Position from) {
      position = from;
    }

    void read(ChangeSource.Stream stream, long upTo) throws InterruptedException {
      while (seen < upTo) {
        // The server sends nothing until it has decoded the transaction whole.
        var batch = stream.next(Duration.ofMinutes(5));
        assertThat(batch.size()).as("something came").isPositive();
        for (int i = 0; i < batch.size(); i++) {
          seen++;
          long id = Long.parseLong(batch.text(batch.after(i), 0));
          if (id != seen) {
            throw new AssertionError("row " + id + " came where " + seen + " was due");
          }
        }
        heaviest = Math.max(heaviest, batch.weight());
        position = batch.position();
      }
    }
  }

  @Test
  @Tag("full")
  void aMillionRowsOrMorePassInOneTransactionAndResumeInside() throws Exception {
    var db = RealPostgres.shared().createDatabase("large");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var follower = new Follower(source.begin());
    db.execute("INSERT INTO t SELECT i, i FROM generate_series(1, " + ROWS + ") i");
    for (int stop : new int[] {1, ROWS / 3, ROWS / 2, ROWS}) {
      try (var stream = source.open(follower.position)) {
        follower.read(stream, stop);
        stream.confirm(follower.position);
      }
    }
    assertThat(((PostgresPosition) follower.position).within()).isEmpty();
    assertThat(follower.heaviest).isLessThan(4L << 20);
    source.forget();
  }

  @Test
  void aReaderThatWaitsLongerThanTheServersTimeoutLosesNeitherConnectionNorData() throws Exception {
    try (var postgres = RealPostgres.start(18, Map.of("wal_sender_timeout", "1s"));
        var proxy = FaultProxy.to(postgres.port())) {
      var db = postgres.createDatabase("patient");
      db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
      var source = new PostgresSource(Sample.spec(db.at(proxy.port()), "t", "id"));
      var follower = new Follower(source.begin());
      db.execute("INSERT INTO t SELECT i, i FROM generate_series(1, 500000) i");
      try (var stream = source.open(follower.position)) {
        follower.read(stream, 100_000);
        var sender = "SELECT pid FROM pg_stat_replication";
        var pid = db.value(sender);
        assertThat(pid).isNotNull();
        long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        Await.until("four timeouts have passed", () -> System.nanoTime() > until);
        assertThat(db.value(sender)).isEqualTo(pid);
        follower.read(stream, 500_000);
        assertThat(db.value(sender)).isEqualTo(pid);
      }
      source.forget();
    }
  }

  @Test
  void aCutConnectionIsToldAndTheStreamGoesOnFromTheLastBatch() throws Exception {
    var db = RealPostgres.shared().createDatabase("cut");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    try (var proxy = FaultProxy.to(db.port())) {
      var source = new PostgresSource(Sample.spec(db.at(proxy.port()), "t", "id"));
      var follower = new Follower(source.begin());
      db.execute("INSERT INTO t SELECT i, i FROM generate_series(1, 200000) i");
      int cuts = 0;
      while (follower.seen < 200_000) {
        try (var stream = source.open(follower.position)) {
          if (cuts < 6) {
            proxy.cutAfter(700_000L * (cuts + 1));
          }
          follower.read(stream, 200_000);
        } catch (FailureException e) {
          assertThat(e.failure().code().remedy()).isEqualTo(Remedy.RETRY);
          cuts++;
        }
        proxy.pass();
      }
      assertThat(cuts).isPositive();
      source.forget();
    }
  }

  @Test
  void aHeldStreamEndsExactlyAtTheCut() throws Exception {
    var db = RealPostgres.shared().createDatabase("held");
    db.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    var source = new PostgresSource(Sample.spec(db, "t", "id"));
    var follower = new Follower(source.begin());
    db.execute("INSERT INTO t SELECT i, i FROM generate_series(1, 10) i");
    try (var stream = source.open(follower.position)) {
      follower.read(stream, 10);
      stream.hold();
      db.execute("INSERT INTO t VALUES (11, 11)");
      long point;
      try (var reading = source.read(Duration.ofSeconds(10))) {
        point = reading.point();
        db.execute("INSERT INTO t VALUES (12, 12)");
        var rows = new java.util.ArrayList<String>();
        reading.rows(batch -> rows.addAll(Sample.changes(batch)));
        assertThat(rows).hasSize(11).contains("READ - → 11,11");
      }
      assertThat(stream.next(Duration.ofMillis(50)).size()).isZero();
      stream.cutAt(point);
      Batch batch = stream.next(Duration.ofSeconds(10));
      assertThat(Sample.changes(batch)).containsExactly("INSERT - → 11,11");
      assertThat(batch.quiet()).isTrue();
      assertThat(((PostgresPosition) batch.position()).end()).isEqualTo(point);
      assertThat(Sample.read(stream, 1).changes()).containsExactly("INSERT - → 12,12");
    }
    source.forget();
  }
}
