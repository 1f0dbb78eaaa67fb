package akkasinks.verify;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.pipeline.Stages;
import akkasinks.verify.VerifyReport.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One comparison of a sink's table and topic.
 *
 * <p>A {@link Cut} makes the sink commit exactly where a snapshot of the table was taken. The
 * snapshot's rows, encoded as the sink encodes them, and the fold of the topic up to that commit
 * must then be the same pairs of key and value; with ENVELOPE DEBEZIUM the value is the last
 * record's {@code after}. Both go to disk and are compared by {@link Buckets}.
 *
 * <p>While the topic is read, compaction may take away a record that a newer one, beyond the cut,
 * has replaced. So in a compacted topic keys that differ and have such a newer record are judged
 * again, alone, at a later cut. (A newer tombstone can still be seen then: it stays for
 * delete.retention.ms, a day by default.) Blocks; belongs to one thread.
 */
final class Verification {
  /**
   * @param patience for a consistent point of the source
   * @param deadline for the sink to reach that point
   * @param inMemory bytes of one bucket
   */
  record Limits(Duration patience, Duration deadline, long inMemory) {
    static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(20), Duration.ofMinutes(10), Buckets.IN_MEMORY);
  }

  /** Beyond this many cuts a key that keeps changing is reported as it was seen last. */
  private static final int CUTS = 4;

  private static final int DIFFERENCES = 10;

  private final Sink sink;
  private final Cut.Taker cuts;
  private final Function<Batch, Messages> encode;
  private final Stages.After after;
  private final LiveTopic topic;
  private final Path work;
  private final Limits limits;

  /**
   * @param work a directory of this comparison's own
   */
  Verification(
      Sink sink,
      Cut.Taker cuts,
      Function<Batch, Messages> encode,
      Stages.After after,
      LiveTopic topic,
      Path work,
      Limits limits) {
    this.sink = sink;
    this.cuts = cuts;
    this.encode = encode;
    this.after = after;
    this.topic = topic;
    this.work = work;
    this.limits = limits;
  }

  /** What one cut showed. */
  private record Seen(long rows, long keys, long point, List<Long> ends, Tally tally) {}

  VerifyReport run(InstantSource clock) throws IOException {
    Instant started = clock.instant();
    var first = compare(Optional.empty(), 1);
    var tally = first.tally();
    var ends = first.ends();
    Set<Bytes> rechecked = new HashSet<>();
    for (int cut = 2; cut <= CUTS; cut++) {
      var again = overwritten(tally.suspects(), ends);
      if (again.isEmpty()) {
        break;
      }
      var later = compare(Optional.of(again), cut);
      tally.judgedAgain(again, later.tally());
      ends = later.ends();
      rechecked.addAll(again);
    }
    return new VerifyReport(
        sink.name(),
        first.rows(),
        first.keys(),
        tally.equalKeys(),
        tally.count(Kind.MISSING),
        tally.count(Kind.EXTRA),
        tally.count(Kind.DIFFERENT),
        tally.uncoveredRows(),
        rechecked.size(),
        tally.first(DIFFERENCES),
        first.point(),
        first.ends(),
        Duration.between(started, clock.instant()));
  }

  private Seen compare(Optional<Set<Bytes>> only, int number) throws IOException {
    Predicate<byte[]> wanted =
        only.<Predicate<byte[]>>map(keys -> key -> keys.contains(new Bytes(key))).orElse(_ -> true);
    Path dir = work.resolve("cut-" + number);
    try (var table = new Pairs(dir.resolve("table"), 0);
        var live = new Pairs(dir.resolve("topic"), 0)) {
      long point;
      List<Long> ends;
      try (var cut = cuts.take(limits)) {
        point = cut.reading().point();
        ends = cut.ends();
        FailPoints.reach("verify.cut");
        cut.reading().rows(batch -> rows(batch, wanted, table));
      }
      FailPoints.reach("verify.rows");
      topic.live(ends, (key, value) -> live(key, value, wanted, live));
      table.close();
      live.close();
      var tally = new Buckets(sink.snapshot(), limits.inMemory()).compare(table, live, dir, 0);
      return new Seen(table.count(), live.count(), point, ends, tally);
    }
  }

  private void rows(Batch batch, Predicate<byte[]> wanted, Pairs table) {
    var messages = encode.apply(batch);
    for (int i = 0; i < messages.size(); i++) {
      var key = messages.key(i);
      var value = messages.value(i);
      if (key == null || value == null) {
        throw Failure.of(Code.INTERNAL, "a row was encoded without key or value").exception();
      }
      if (wanted.test(key)) {
        add(table, key, sink.envelope(), value);
      }
    }
  }

  private void live(byte[] key, byte[] value, Predicate<byte[]> wanted, Pairs live) {
    if (wanted.test(key)) {
      add(live, key, sink.envelope(), value);
    }
  }

  private void add(Pairs side, byte[] key, Envelope envelope, byte[] value) {
    var row =
        switch (envelope) {
          case UPSERT, APPEND -> value;
          case DEBEZIUM -> after.of(value);
        };
    if (row == null) {
      return;
    }
    try {
      side.add(key, Sample.of(row));
    } catch (IOException e) {
      throw full(e);
    }
  }

  /** Of {@code suspects} those that have a newer record, which may have cost them the older one. */
  private Set<Bytes> overwritten(Set<Bytes> suspects, List<Long> ends) {
    if (suspects.isEmpty() || !topic.compacted()) {
      return Set.of();
    }
    Set<Bytes> newer = new HashSet<>();
    topic.keysFrom(
        ends,
        key -> {
          var known = new Bytes(key);
          if (suspects.contains(known)) {
            newer.add(known);
          }
        });
    return newer;
  }

  static RuntimeException full(IOException error) {
    return Failure.of(
            Code.LIMIT, "the comparison's files cannot be written or read: " + error.getMessage())
        .hint("It needs about as much disk as table and topic hold. Make room, then try again.")
        .exception(error);
  }
}
