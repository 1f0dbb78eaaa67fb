package akkasinks.target;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.change.Messages;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.progress.ProgressRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The target over a {@link SimBroker}.
 *
 * @param step told the name of each step just before it: may throw to crash, or let others run
 */
record SimTarget(
    SimBroker broker, String id, String data, String progress, Rules rules, Consumer<String> step)
    implements Target {

  private static final int PATIENCE = 20;

  /** The order of the protocol; all but CORRECT break it, to show that the simulation notices. */
  enum Rules {
    CORRECT,
    READ_BEFORE_FENCING,
    PROGRESS_OUTSIDE_THE_TRANSACTION,
    END_NOT_AWAITED
  }

  SimTarget(SimBroker broker, String name) {
    this(broker, name, "data-" + name, "progress", Rules.CORRECT, _ -> {});
  }

  @Override
  public List<Notice> inspect() {
    return List.of();
  }

  @Override
  public SimWriter fence(Mirror mirror) {
    Optional<Committed> early =
        rules == Rules.READ_BEFORE_FENCING ? lastOfAll(mirror) : Optional.empty();
    step.accept("fence.before");
    int epoch = broker.init(id);
    step.accept("fenced");
    Optional<Committed> found = rules == Rules.READ_BEFORE_FENCING ? early : lastOfAll(mirror);
    Optional<ProgressRecord> record = found.map(Committed::record);
    ProgressRules.contradiction(record, found.map(Committed::offset).orElse(-1L), mirror, progress)
        .ifPresent(
            failure -> {
              throw failure.exception();
            });
    step.accept("read");
    return new SimWriter(epoch, ProgressRules.next(record, mirror), record);
  }

  /** Waits while somebody's open transaction may hide a record of ours. */
  private Optional<Committed> lastOfAll(Mirror mirror) {
    for (int tries = 0; rules != Rules.END_NOT_AWAITED && mayBeHidden(); tries++) {
      if (tries == PATIENCE) {
        throw Failure.of(Code.BUSY, "hidden by an open transaction").exception();
      }
      step.accept("waiting");
    }
    return last(mirror);
  }

  private boolean mayBeHidden() {
    return broker.uncommitted(progress, broker.stable(progress)).stream()
        .anyMatch(read -> read.entry().key().equals(id));
  }

  private Optional<Committed> last(Mirror mirror) {
    Optional<Committed> last = Optional.empty();
    for (SimBroker.Read read : broker.committed(progress, mirror.offset())) {
      if (read.entry().key().equals(id)) {
        last =
            Optional.ofNullable((ProgressRecord) read.entry().value())
                .map(record -> new Committed(record, read.offset()));
      }
    }
    return last;
  }

  @Override
  public Optional<ProgressRecord> peek(Mirror mirror) {
    return last(mirror).map(Committed::record);
  }

  @Override
  public void forget() {
    int epoch = broker.init(id);
    broker.send(id, epoch, progress, id, null);
    broker.commit(id, epoch);
  }

  final class SimWriter implements Writer {
    private final int epoch;
    private final long incarnation;
    private final Optional<ProgressRecord> before;
    private final String writerId;
    private List<Long> resnapshotFrom;
    private @Nullable ProgressRecord current;
    private Stats stats = new Stats(0, 0, 0);
    private long records;
    private long bytes;

    SimWriter(int epoch, long incarnation, Optional<ProgressRecord> before) {
      this.epoch = epoch;
      this.incarnation = incarnation;
      this.before = before;
      this.writerId = id + "/" + epoch;
      this.resnapshotFrom = before.map(ProgressRecord::resnapshotFrom).orElse(List.of());
    }

    @Override
    public long incarnation() {
      return incarnation;
    }

    @Override
    public String writerId() {
      return writerId;
    }

    @Override
    public Optional<ProgressRecord> progress() {
      return before;
    }

    @Override
    public Committed begin(Position position, List<Long> from) {
      resnapshotFrom = from;
      current = new ProgressRecord(id, incarnation, writerId, position, Map.of(data, "id"), from);
      return commit(position);
    }

    @Override
    public List<Long> resnapshotFrom() {
      return resnapshotFrom;
    }

    @Override
    public void settled() {
      resnapshotFrom = List.of();
    }

    @Override
    public int partitions(Relation relation) {
      return 1;
    }

    @Override
    public void write(Messages messages) {
      for (int i = 0; i < messages.size(); i++) {
        step.accept("send");
        String key = new String(messages.key(i), StandardCharsets.UTF_8);
        guarded(broker -> broker.send(id, epoch, data, key, null));
        records++;
      }
      bytes += messages.payloadBytes();
    }

    @Override
    public Committed commit(Position position) {
      ProgressRecord now = current;
      if (now == null) {
        throw new IllegalStateException("commit before begin");
      }
      ProgressRecord record =
          new ProgressRecord(id, incarnation, writerId, position, now.topics(), resnapshotFrom);
      if (rules == Rules.PROGRESS_OUTSIDE_THE_TRANSACTION) {
        guarded(broker -> broker.commit(id, epoch));
      }
      step.accept("progress");
      long[] offset = new long[1];
      guarded(broker -> offset[0] = broker.send(id, epoch, progress, id, record));
      step.accept("commit.before");
      guarded(broker -> broker.commit(id, epoch));
      step.accept("commit.after");
      stats =
          new Stats(
              stats.recordsCommitted() + records,
              stats.bytesCommitted() + bytes,
              stats.commits() + 1);
      records = 0;
      bytes = 0;
      current = record;
      return new Committed(record, offset[0]);
    }

    private void guarded(Consumer<SimBroker> call) {
      try {
        call.accept(broker);
      } catch (SimBroker.Fenced e) {
        throw Failure.of(Code.CONNECTION_LOST, "fenced").exception(e);
      }
    }

    @Override
    public void tombstone(Relation relation, Predicate<Live> stale) {
      throw new UnsupportedOperationException("the simulation has no tombstones");
    }

    @Override
    public List<Long> endOffsets(Relation relation) {
      return List.of(broker.end(data));
    }

    @Override
    public Duration transactionTimeout() {
      return Duration.ofMinutes(10);
    }

    @Override
    public void abort() {
      broker.abort(id, epoch);
      records = 0;
      bytes = 0;
    }

    @Override
    public Stats stats() {
      return stats;
    }

    /** As a real producer's orderly close does: what is open is aborted, if it still is ours. */
    @Override
    public void close() {
      broker.abort(id, epoch);
    }
  }
}
