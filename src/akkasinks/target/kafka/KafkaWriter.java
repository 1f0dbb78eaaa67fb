package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Messages;
import akkasinks.change.Position;
import akkasinks.change.Relation;
import akkasinks.progress.ProgressJson;
import akkasinks.progress.ProgressRecord;
import akkasinks.target.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A writer that has fenced its predecessors. After any error it only closes: what it had open is
 * settled by the next incarnation's fencing.
 */
final class KafkaWriter implements Target.Writer {
  /** Tombstones per transaction: long ones hide what follows from every reader. */
  private static final int TOMBSTONES = 100_000;

  private static final Duration ABORT_PATIENCE = Duration.ofSeconds(5);

  private final Clients clients;
  private final KafkaSettings settings;
  private final Admin admin;
  private final Topics topics;
  private final Producer<byte[], byte[]> producer;

  /** For data: the same, or one outside transactions. */
  private final Producer<byte[], byte[]> records;

  private final ProducerMemory.Share memory;
  private final String writerId;
  private final long incarnation;
  private final Optional<ProgressRecord> before;
  private final Topics.Found progressTopic;
  private final byte[] progressKey;
  private final SendErrors errors;

  private final DataTopics data;
  private @Nullable ProgressRecord current;
  private List<Long> resnapshotFrom;
  private boolean open;
  private boolean failed;
  private long recordsOpen;
  private long deadOpen;
  private long bytesOpen;
  private volatile Target.Stats stats = new Target.Stats(0, 0, 0);

  KafkaWriter(
      Clients clients,
      Admin admin,
      Producer<byte[], byte[]> producer,
      Producer<byte[], byte[]> records,
      ProducerMemory.Share memory,
      InstantSource clock,
      String writerId,
      long incarnation,
      Optional<ProgressRecord> before,
      Topics.Found progressTopic,
      List<Topics.Found> data) {
    this.clients = clients;
    this.settings = clients.settings();
    this.admin = admin;
    this.topics = new Topics(clients, admin);
    this.producer = producer;
    this.records = records;
    this.memory = memory;
    this.writerId = writerId;
    this.incarnation = incarnation;
    this.before = before;
    this.progressTopic = progressTopic;
    this.progressKey = settings.outsideId().getBytes(StandardCharsets.UTF_8);
    this.data = new DataTopics(settings, topics, admin, clock, data);
    this.errors = new SendErrors(this.data::has);
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
  public Target.Committed begin(Position position, List<Long> resnapshotFrom) {
    if (!settings.topic().pattern().varies()) {
      data.open(Relation.NONE);
    }
    settings
        .deadLetterTopic()
        .filter(name -> topics.find(name).isEmpty())
        .ifPresent(name -> topics.make(name, 0, 0, Map.of()));
    this.resnapshotFrom = List.copyOf(resnapshotFrom);
    current =
        new ProgressRecord(
            settings.sinkId(), incarnation, writerId, position, ids(), this.resnapshotFrom);
    FailPoints.reach("kafka.begin.before");
    Target.Committed done = transaction(current);
    FailPoints.reach("kafka.begin.committed");
    return done;
  }

  private Map<String, String> ids() {
    var ids = data.ids(before.map(ProgressRecord::topics).orElse(Map.of()));
    ids.put(progressTopic.name(), progressTopic.id());
    return ids;
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
    return data.partitions(relation);
  }

  @Override
  public void open(Relation relation) {
    data.open(relation);
  }

  @Override
  public Duration transactionTimeout() {
    return settings.transaction();
  }

  @Override
  public void abort() {
    guarded(
        "aborting a transaction",
        () -> {
          if (open) {
            producer.abortTransaction();
            open = false;
          }
          recordsOpen = 0;
          deadOpen = 0;
          bytesOpen = 0;
          return true;
        });
  }

  @Override
  public void write(Messages messages) {
    String topic = data.name(messages.relation());
    guarded(
        "writing to topic \"" + topic + "\"",
        () -> {
          begun();
          openTransaction();
          for (int i : messages.byPartition()) {
            records.send(KafkaRecords.of(topic, messages, i), errors);
            // Against brokers that are away each send would wait out max.block.ms by itself.
            errors.check();
          }
          var dead = messages.deadLetters();
          if (dead != null) {
            for (int i = 0; i < dead.size(); i++) {
              records.send(
                  KafkaRecords.anywhere(settings.deadLetterTopic().orElseThrow(), dead, i), errors);
            }
            deadOpen += dead.size();
          }
          FailPoints.reach("kafka.send");
          recordsOpen += messages.size();
          bytesOpen += messages.payloadBytes();
          return true;
        });
  }

  @Override
  public Target.Committed commit(Position position) {
    ProgressRecord now = begun();
    var lost = data.lost();
    if (lost.isPresent()) {
      failed = true;
      throw gone(lost.get());
    }
    return transaction(
        new ProgressRecord(
            now.sinkId(), now.incarnation(), now.writerId(), position, ids(), resnapshotFrom));
  }

  /** The record last, then commit: all or nothing. */
  private Target.Committed transaction(ProgressRecord record) {
    byte[] value = ProgressJson.write(record);
    return guarded(
        "committing to topic \"" + settings.topic().name() + "\"",
        () -> {
          openTransaction();
          Future<RecordMetadata> sent =
              producer.send(
                  new ProducerRecord<>(progressTopic.name(), 0, progressKey, value), errors);
          FailPoints.reach("kafka.progress.sent");
          FailPoints.reach("kafka.commit.before");
          commitTransaction();
          long offset = sent.get().offset();
          open = false;
          current = record;
          stats =
              new Target.Stats(
                  stats.recordsCommitted() + recordsOpen,
                  stats.bytesCommitted() + bytesOpen,
                  stats.commits() + 1,
                  stats.deadLetters() + deadOpen,
                  "");
          deadOpen = 0;
          recordsOpen = 0;
          bytesOpen = 0;
          FailPoints.reach("kafka.commit.after");
          return new Target.Committed(record, offset);
        });
  }

  /**
   * After a time-out nobody knows whether the commit was taken, and only trying again is legal: it
   * succeeds if it was, even after a successor took over.
   */
  private void commitTransaction() {
    if (records != producer) {
      // What is outside the transaction must be there before its position is.
      records.flush();
      errors.check();
    }
    // Sent batches are flushed here, so that a refused record fails as itself, not as the commit.
    producer.flush();
    errors.check();
    FailPoints.reach("kafka.flushed");
    Deadline deadline = Deadline.in(settings.timings().settle());
    while (true) {
      try {
        producer.commitTransaction();
        return;
      } catch (TimeoutException e) {
        if (deadline.over()) {
          throw e;
        }
        FailPoints.reach("kafka.commit.unknown");
      }
    }
  }

  private void openTransaction() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  private ProgressRecord begun() {
    if (current == null) {
      throw new IllegalStateException("write before begin");
    }
    return current;
  }

  @Override
  public void tombstone(Relation relation, Predicate<Target.Live> stale) {
    if (open) {
      throw new IllegalStateException("tombstone inside a transaction");
    }
    String topic = data.name(relation);
    try (TopicFold fold = TopicFold.of(clients, topic, endOffsets(relation))) {
      fold.live(
          (key, _, partition, offset) -> {
            if (stale.test(new Target.Live(key, partition, offset))) {
              guarded(
                  "writing tombstones to topic \"" + topic + "\"",
                  () -> {
                    openTransaction();
                    records.send(new ProducerRecord<>(topic, partition, key, null), errors);
                    recordsOpen++;
                    bytesOpen += key.length;
                    return true;
                  });
              if (recordsOpen >= TOMBSTONES) {
                commit(begun().frontier());
              }
            }
          });
    }
    if (recordsOpen > 0) {
      commit(begun().frontier());
    }
  }

  @Override
  public List<Long> endOffsets(Relation relation) {
    data.open(relation);
    List<TopicPartition> all = data.topic(relation).all();
    Map<TopicPartition, Long> ends = topics.ends(all);
    return all.stream().map(partition -> ends.getOrDefault(partition, 0L)).toList();
  }

  @Override
  public Target.Stats stats() {
    Target.Stats counted = stats;
    return new Target.Stats(
        counted.recordsCommitted(),
        counted.bytesCommitted(),
        counted.commits(),
        counted.deadLetters(),
        data.notice());
  }

  /** An orderly close aborts what is open, so that it hides nothing from readers meanwhile. */
  @Override
  public void close() {
    try {
      producer.close(failed ? Duration.ZERO : ABORT_PATIENCE);
      if (records != producer) {
        records.close(failed ? Duration.ZERO : ABORT_PATIENCE);
      }
    } finally {
      memory.close();
      admin.close(Duration.ZERO);
    }
  }

  private interface Step<T> {
    T run() throws ExecutionException, InterruptedException;
  }

  private <T> T guarded(String doing, Step<T> step) {
    if (failed) {
      throw new IllegalStateException("this writer has failed; close it");
    }
    failed = true;
    T result;
    try {
      result = step.run();
    } catch (KafkaException e) {
      throw clients.failures().of(errors.first().orElse(e), doing);
    } catch (ExecutionException e) {
      throw clients.failures().of(e, doing);
    } catch (InterruptedException e) {
      throw clients.failures().of(new InterruptException(e), doing);
    }
    failed = false;
    return result;
  }

  private static FailureException gone(String topic) {
    return Failure.of(
            Code.HISTORY_CHANGED, "topic \"%s\" was deleted or made anew".formatted(topic))
        .hint("Drop the sink and create it again.")
        .exception();
  }

  static FailureException madeAnew(String topic, String expected, String found) {
    return Failure.of(
            Code.HISTORY_CHANGED, "topic \"%s\" was deleted and made anew".formatted(topic))
        .detail("Its id was %s and is %s.".formatted(expected, found))
        .hint("Drop the sink and create it again: what the topic held is gone.")
        .exception();
  }
}
