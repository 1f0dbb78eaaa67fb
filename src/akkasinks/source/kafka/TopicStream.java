package akkasinks.source.kafka;

import akkasinks.base.Failure;
import akkasinks.catalog.KafkaSource.OnBadRecord;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.format.input.BadRecord;
import akkasinks.source.ChangeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Committed records of all partitions as batches; each partition's in its order. A position covers
 * also what a consumer does not see: aborted records and markers.
 */
final class TopicStream implements ChangeSource.Stream {
  /** Where a batch ends, whichever comes first. */
  private static final int ENOUGH_CHANGES = 10_000;

  private static final int ENOUGH_BYTES = 2 << 20;

  private final TopicSpec spec;
  private final TopicClients clients;
  private final TopicWatch watch;
  private final Relation relation;
  private final RecordRows rows;
  private final OnBadRecord onBadRecord;

  /** A consumer is of one thread at a time, and closing comes from another. */
  private final ReentrantLock using = new ReentrantLock();

  private final Consumer<byte[], byte[]> consumer;
  private boolean closed;

  private Set<TopicPartition> partitions = Set.of();
  private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();
  private int waiting;
  private long[] offsets;
  private KafkaPosition reached;
  private long skipped;
  private long transactions;
  private int bytesPerChange = 128;
  private @Nullable Failure stopped;

  /** Cannot be read, and goes to the dead letter topic behind all that was read before it. */
  private @Nullable BadOne bad;

  private volatile Position confirmed;
  private volatile boolean stopping;
  private volatile ChangeSource.Status status;

  TopicStream(TopicSpec spec, TopicClients clients, TopicWatch watch, KafkaPosition position) {
    this.spec = spec;
    this.clients = clients;
    this.watch = watch;
    this.relation = spec.source().relation();
    this.rows = new RecordRows(spec);
    this.onBadRecord = spec.source().onBadRecord();
    this.offsets = new long[0];
    this.reached = position;
    this.confirmed = position;
    this.skipped = position.skipped();
    this.status = status(-1);
    this.consumer = clients.consumer();
    try {
      assign(watch.partitions());
    } catch (RuntimeException | Error e) {
      consumer.close();
      throw e;
    }
  }

  /** Those not read yet begin where the position says: a new one at 0. */
  private void assign(int count) {
    Set<TopicPartition> all = new HashSet<>();
    for (int p = 0; p < count; p++) {
      all.add(new TopicPartition(spec.topic(), p));
    }
    consumer.assign(all);
    int before = offsets.length;
    offsets = Arrays.copyOf(offsets, count);
    for (int p = before; p < count; p++) {
      offsets[p] = reached.next(p);
      consumer.seek(new TopicPartition(spec.topic(), p), offsets[p]);
    }
    partitions = all;
  }

  @Override
  public Batch next(Duration patience) {
    using.lock();
    try {
      if (closed) {
        return Batch.empty(relation, reached, true);
      }
      var failed = watch.look();
      if (failed.isPresent()) {
        throw failed.get().exception();
      }
      if (stopped != null) {
        return stop(stopped, patience);
      }
      if (watch.partitions() > offsets.length) {
        assign(watch.partitions());
      }
      return read(patience);
    } catch (WakeupException _) {
      return Batch.empty(relation, reached, true);
    } catch (OffsetOutOfRangeException e) {
      throw outOfRange(e);
    } catch (KafkaException e) {
      throw clients.failures().of(e, "reading topic \"" + spec.topic() + "\"");
    } finally {
      using.unlock();
    }
  }

  private record BadOne(ConsumerRecord<byte[], byte[]> record, String why) {}

  private Batch read(Duration patience) {
    if (bad != null) {
      return refused(bad);
    }
    poll(patience);
    if (!polled.hasNext()) {
      reached = here();
      status = status(lag());
      return Batch.empty(relation, reached, true);
    }
    int expected = Math.min(waiting, ENOUGH_CHANGES);
    var batch =
        new BatchBuilder(
            relation, expected, (int) Math.min((long) expected * bytesPerChange, ENOUGH_BYTES));
    int consumed = 0;
    while (polled.hasNext()
        && stopped == null
        && bad == null
        && batch.size() < ENOUGH_CHANGES
        && batch.weight() < ENOUGH_BYTES) {
      take(polled.next(), batch);
      if (bad == null) {
        consumed++;
        poll(Duration.ZERO);
      }
    }
    if (bad != null && batch.size() == 0) {
      return refused(bad);
    }
    reached = here();
    long lag = lag();
    status = status(lag);
    if (batch.size() > 0) {
      bytesPerChange = batch.used() / batch.size() * 9 / 8 + 1;
    }
    return batch.build(
        reached, consumed, stopped != null || (bad == null && !polled.hasNext() && lag == 0));
  }

  private Batch refused(BadOne one) {
    bad = null;
    var record = one.record();
    offsets[record.partition()] = record.offset() + 1;
    reached = here();
    status = status(lag());
    List<Batch.Refused.Header> headers = new ArrayList<>();
    record.headers().forEach(h -> headers.add(new Batch.Refused.Header(h.key(), h.value())));
    headers.add(header("error", one.why()));
    headers.add(header("topic", record.topic()));
    headers.add(header("partition", Integer.toString(record.partition())));
    headers.add(header("offset", Long.toString(record.offset())));
    return Batch.refused(
        relation, reached, new Batch.Refused(record.key(), record.value(), headers));
  }

  private static Batch.Refused.Header header(String name, String value) {
    return new Batch.Refused.Header("akkasinks-" + name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Gets more if all that was polled is taken; behind it may lie what is never seen. */
  private void poll(Duration patience) {
    if (!polled.hasNext() && stopped == null) {
      var records = consumer.poll(patience);
      waiting = records.count();
      polled = records.iterator();
      if (waiting == 0) {
        for (TopicPartition partition : partitions) {
          offsets[partition.partition()] = consumer.position(partition);
        }
      }
    }
  }

  private KafkaPosition here() {
    return reached.at(Arrays.stream(offsets).boxed().toList(), skipped);
  }

  private void take(ConsumerRecord<byte[], byte[]> record, BatchBuilder batch) {
    try {
      rows.add(record, ++transactions, batch);
    } catch (BadRecord e) {
      switch (onBadRecord) {
        case STALL -> {
          stopped = clients.failures().bad(record.partition(), record.offset(), e.why());
          stopping = true;
          return;
        }
        case DLQ -> {
          bad = new BadOne(record, e.why());
          return;
        }
        case SKIP -> skipped++;
      }
    }
    offsets[record.partition()] = record.offset() + 1;
  }

  /** Fails once all before the bad record is committed. */
  private Batch stop(Failure why, Duration patience) {
    if (!confirmed.precedes(reached)) {
      throw why.exception();
    }
    LockSupport.parkNanos(patience.dividedBy(4).toNanos());
    return Batch.empty(relation, reached, true);
  }

  /** Records that are committed and not read yet; −1 if not known. */
  private long lag() {
    long sum = 0;
    for (TopicPartition partition : partitions) {
      var lag = consumer.currentLag(partition);
      if (lag.isEmpty()) {
        return -1;
      }
      sum += lag.getAsLong();
    }
    return sum;
  }

  private ChangeSource.Status status(long lag) {
    return new ChangeSource.Status(
        -1,
        -1,
        reached.snapshotting()
            ? Optional.of(new ChangeSource.Snapshot(transactions, -1))
            : Optional.empty(),
        "",
        lag);
  }

  private RuntimeException outOfRange(OffsetOutOfRangeException e) {
    var first = e.offsetOutOfRangePartitions().entrySet().iterator().next();
    TopicPartition partition = first.getKey();
    String where;
    try {
      where =
          "The partition has offsets from %d to %d."
              .formatted(
                  consumer.beginningOffsets(List.of(partition)).get(partition),
                  consumer.endOffsets(List.of(partition)).get(partition));
    } catch (KafkaException unknown) {
      where = "";
    }
    return clients
        .failures()
        .outOfRange(partition.partition(), first.getValue(), where)
        .exception(e);
  }

  @Override
  public void confirm(Position frontier) {
    confirmed = frontier;
  }

  /** What lies before a bad record is to be committed before the sink stops. */
  @Override
  public boolean wantsConfirmation() {
    return stopping;
  }

  /** Nothing is compared at a point of a topic. */
  @Override
  public void hold() {}

  @Override
  public void cutAt(long point) {}

  @Override
  public ChangeSource.Status status() {
    return status;
  }

  @Override
  public void close() {
    consumer.wakeup();
    using.lock();
    try {
      if (!closed) {
        closed = true;
        consumer.close();
        watch.close();
      }
    } finally {
      using.unlock();
    }
  }
}
