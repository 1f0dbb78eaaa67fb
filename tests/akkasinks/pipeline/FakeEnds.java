package akkasinks.pipeline;

import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.progress.ProgressRules;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A source and a target in memory that write down every step, and do at a step what a test has put
 * there: fail, wait, or let others write.
 */
final class FakeEnds implements Connectors {
  private static final Relation TABLE = new Relation(1, "public", "orders", List.of());

  /** Each step, in order. */
  final List<String> steps = new CopyOnWriteArrayList<>();

  /** This sink's progress records, the last one counts. */
  final List<ProgressRecord> topic = new CopyOnWriteArrayList<>();

  private final Map<String, Runnable> acts = new ConcurrentHashMap<>();
  private final BlockingQueue<Long> changes = new LinkedBlockingQueue<>();

  /** Has {@code act} run in whichever thread comes to {@code step}; it may throw. */
  void at(String step, Runnable act) {
    acts.put(step, act);
  }

  void failAt(String step, FailureException failure) {
    at(
        step,
        () -> {
          throw failure;
        });
  }

  /** The source has a change that ends at {@code lsn}. */
  void change(long lsn) {
    changes.add(lsn);
  }

  static Position position(long lsn) {
    return PostgresPosition.of("1", 1, "slot", lsn);
  }

  /** What a writer of that name and number commits. */
  static ProgressRecord record(String writer, long incarnation, long lsn) {
    return new ProgressRecord("k1", incarnation, writer, position(lsn), Map.of(), List.of());
  }

  private void step(String name) {
    steps.add(name);
    var act = acts.get(name);
    if (act != null) {
      act.run();
    }
  }

  @Override
  public ChangeSource source(ResolvedSink sink) {
    return new FakeSource();
  }

  @Override
  public Target target(ResolvedSink sink) {
    return new FakeTarget();
  }

  @Override
  public Stages stages(ResolvedSink sink, Target.Places places) {
    return new Stages(
        List::of,
        batch -> {
          var messages = new Messages(batch);
          if (!batch.quiet()) {
            messages.add(new byte[0], new byte[0]);
          }
          return messages;
        },
        messages -> messages,
        (_, key) -> List.of(new String(key, StandardCharsets.UTF_8)));
  }

  private final class FakeSource implements ChangeSource {
    @Override
    public Inspection inspect() {
      return new Inspection(TABLE, true, List.of(), List.of());
    }

    @Override
    public Position begin() {
      step("source.begin");
      return position(10);
    }

    @Override
    public Stream open(Position position) {
      step("source.open");
      return new FakeStream(position);
    }

    @Override
    public Position again(Optional<Position> frontier) {
      step("source.again");
      return frontier.orElse(position(10));
    }

    @Override
    public Reading read(Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forget() {
      step("source.forget");
    }
  }

  private final class FakeStream implements ChangeSource.Stream {
    private Position at;

    FakeStream(Position at) {
      this.at = at;
    }

    @Override
    public Batch next(Duration patience) throws InterruptedException {
      var lsn = changes.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      var act = acts.get("stream.next");
      if (act != null) {
        act.run();
      }
      if (lsn != null) {
        at = position(lsn);
      }
      return Batch.empty(TABLE, at, lsn == null);
    }

    @Override
    public void confirm(Position frontier) {}

    @Override
    public boolean wantsConfirmation() {
      return false;
    }

    @Override
    public void hold() {}

    @Override
    public void cutAt(long point) {}

    @Override
    public ChangeSource.Status status() {
      return new ChangeSource.Status(0, 0, Optional.empty(), "");
    }

    @Override
    public void close() {
      step("stream.close");
    }
  }

  private final class FakeTarget implements Target {
    @Override
    public List<Notice> inspect() {
      return List.of();
    }

    @Override
    public Writer fence(Mirror mirror) {
      step("target.fence");
      return new FakeWriter(mirror);
    }

    @Override
    public Optional<ProgressRecord> peek(Mirror mirror) {
      step("target.peek");
      return last();
    }

    @Override
    public void forget() {
      step("target.forget");
    }
  }

  private Optional<ProgressRecord> last() {
    return topic.isEmpty() ? Optional.empty() : Optional.of(topic.getLast());
  }

  private final class FakeWriter implements Target.Writer {
    private final Optional<ProgressRecord> before = last();
    private final long incarnation;
    private final List<String> sent = new ArrayList<>();
    private volatile Target.Stats stats = new Target.Stats(0, 0, 0);

    FakeWriter(Mirror mirror) {
      incarnation = ProgressRules.next(before, mirror);
    }

    @Override
    public long incarnation() {
      return incarnation;
    }

    @Override
    public String writerId() {
      return "mine";
    }

    @Override
    public Optional<ProgressRecord> progress() {
      step("writer.progress");
      return before;
    }

    @Override
    public Target.Committed begin(Position position, List<Long> resnapshotFrom) {
      step("writer.begin");
      var committed = append(position);
      step("writer.begun");
      return committed;
    }

    private Target.Committed append(Position position) {
      topic.add(new ProgressRecord("k1", incarnation, writerId(), position, Map.of(), List.of()));
      return new Target.Committed(topic.getLast(), topic.size() - 1L);
    }

    @Override
    public List<Long> resnapshotFrom() {
      return List.of();
    }

    @Override
    public void settled() {}

    @Override
    public int partitions(Relation relation) {
      return 1;
    }

    @Override
    public void write(Messages messages) {
      step("writer.write");
      sent.add("record");
    }

    @Override
    public Target.Committed commit(Position position) {
      step("writer.commit");
      stats = new Target.Stats(stats.recordsCommitted() + sent.size(), 0, stats.commits() + 1);
      sent.clear();
      return append(position);
    }

    @Override
    public void tombstone(Relation relation, Predicate<Target.Live> stale) {}

    @Override
    public List<Long> endOffsets(Relation relation) {
      return List.of(0L);
    }

    @Override
    public Duration transactionTimeout() {
      return Duration.ofMinutes(10);
    }

    @Override
    public void abort() {
      sent.clear();
    }

    @Override
    public Target.Stats stats() {
      return stats;
    }

    @Override
    public void close() {
      step("writer.close");
    }
  }
}
