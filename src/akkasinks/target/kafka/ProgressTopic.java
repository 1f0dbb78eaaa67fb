package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressJson;
import akkasinks.progress.ProgressRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The topic that holds the progress records of all sinks of a connection; the last committed record
 * of a key counts.
 */
final class ProgressTopic {
  private static final Duration POLL = Duration.ofMillis(50);

  /** As Materialize makes its own: small segments, so that compaction gets at old records. */
  private static final Map<String, String> CONFIG =
      Map.of(
          "cleanup.policy", "compact",
          "segment.bytes", Integer.toString(128 << 20),
          "retention.ms", "-1",
          "retention.bytes", "-1");

  private final Clients clients;
  private final KafkaSettings settings;
  private final Topics topics;
  private final Orphans orphans;
  private final TopicPartition partition;
  private final byte[] key;

  ProgressTopic(Clients clients, Admin admin) {
    this.clients = clients;
    this.settings = clients.settings();
    this.topics = new Topics(clients, admin);
    this.orphans = new Orphans(clients, admin);
    this.partition = new TopicPartition(settings.progressTopic(), 0);
    this.key = settings.outsideId().getBytes(StandardCharsets.UTF_8);
  }

  record Found(ProgressRecord record, long offset) {}

  /** Makes it if it is missing and nothing says that it ever was there; checks it if it is. */
  Topics.Found ensure(Mirror mirror) {
    Optional<Topics.Found> found = topics.find(settings.progressTopic());
    if (found.isEmpty() && mirror.record().isPresent()) {
      throw lost("is gone", "It held the sink's progress up to offset " + mirror.offset() + ".");
    }
    Topics.Found topic =
        found.orElseGet(
            () ->
                topics.make(
                    settings.progressTopic(), 1, settings.progressReplicationFactor(), CONFIG));
    check(topic);
    mirror
        .record()
        .map(record -> record.topics().get(topic.name()))
        .filter(id -> !id.equals(topic.id()))
        .ifPresent(
            id -> {
              throw lost("was made anew", "Its id was %s and is %s.".formatted(id, topic.id()));
            });
    return topic;
  }

  /** Whether it can be trusted to keep the last record of each key for ever. */
  void check(Topics.Found topic) {
    if (topic.partitions() != 1) {
      throw lost("has %d partitions and must have one".formatted(topic.partitions()), "");
    }
    Map<String, String> config = topics.config(topic.name());
    String policy = config.getOrDefault("cleanup.policy", "compact");
    if (!policy.equals("compact")) {
      throw Failure.of(
              Code.HISTORY_CHANGED,
              "progress topic \"%s\" has cleanup.policy \"%s\" and must have exactly \"compact\""
                  .formatted(topic.name(), policy))
          .detail("With deletion a sink's progress vanishes when it grows old.")
          .hint(
              "kafka-configs.sh --alter --topic %s --add-config cleanup.policy=compact"
                  .formatted(topic.name()))
          .exception();
    }
    long begin = topics.begins(List.of(partition)).getOrDefault(partition, 0L);
    if (begin != 0) {
      throw lost("begins at offset %d and must begin at 0".formatted(begin), "");
    }
  }

  private FailureException lost(String what, String detail) {
    return Failure.of(
            Code.HISTORY_CHANGED,
            "progress topic \"%s\" %s".formatted(settings.progressTopic(), what))
        .detail(detail.isEmpty() ? "Progress records may have been lost." : detail)
        .hint(
            "Exactly-once cannot be continued from here: restore the topic, or drop the sink and"
                + " create it again.")
        .exception();
  }

  /**
   * The sink's last record; final only after fencing and after {@link Orphans#settle}.
   *
   * <p>It is the last one because the topic is read committed from where the mirror last saw a
   * record of ours up to the end offset taken before. Where somebody else's open transaction hides
   * the rest, that rest is looked through uncommitted: without our key in it, nothing of ours can
   * come out of it, since our own producer is fenced and has nothing open.
   *
   * @throws FailureException BUSY if our key is in the rest and the deadline passes;
   *     HISTORY_CHANGED if the mirror's place does not exist
   */
  Optional<Found> read(Mirror mirror) {
    return read(mirror, Deadline.in(settings.timings().settle()), true);
  }

  /** The same without having fenced anybody: what is committed and readable now. */
  Optional<Found> peek(Mirror mirror) {
    return read(mirror, Deadline.in(settings.timings().connect()), false);
  }

  private Optional<Found> read(Mirror mirror, Deadline deadline, boolean toTheEnd) {
    try (Consumer<byte[], byte[]> consumer =
        clients.consumer(IsolationLevel.READ_COMMITTED, settings.timings().connect())) {
      List<TopicPartition> only = List.of(partition);
      consumer.assign(only);
      long end = topics.ends(only).getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(0, mirror.offset()));
      @Nullable ConsumerRecord<byte[], byte[]> last = null;
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (Arrays.equals(key, record.key())) {
            last = record;
          }
        }
        long position = consumer.position(partition);
        if (position >= end
            || (behindStable(consumer, position) && !waitFor(position, end, toTheEnd))) {
          return Optional.ofNullable(last).flatMap(ProgressTopic::parsed);
        }
        if (deadline.over()) {
          throw blocked(position, end);
        }
      }
    } catch (OffsetOutOfRangeException e) {
      throw lost("ends before offset %d, which the sink has seen".formatted(mirror.offset()), "");
    } catch (KafkaException e) {
      throw clients
          .failures()
          .of(
              e,
              "reading progress topic \"" + settings.progressTopic() + "\"",
              List.of(Right.topic(AclOperation.READ, settings.progressTopic())));
    }
  }

  private boolean behindStable(Consumer<byte[], byte[]> consumer, long position) {
    return position >= consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  private boolean waitFor(long position, long end, boolean toTheEnd) {
    return toTheEnd && tailHoldsKey(position, end);
  }

  private boolean tailHoldsKey(long from, long end) {
    try (Consumer<byte[], byte[]> consumer =
        clients.consumer(IsolationLevel.READ_UNCOMMITTED, settings.timings().connect())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      Deadline deadline = Deadline.in(settings.timings().connect());
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (Arrays.equals(key, record.key())) {
            return true;
          }
        }
        if (deadline.over()) {
          return true;
        }
      }
      return false;
    }
  }

  private FailureException blocked(long position, long end) {
    String who =
        orphans
            .blocking(partition)
            .map(Orphans.Open::described)
            .orElse("no open transaction is to be found");
    return Failure.of(
            Code.BUSY,
            "progress topic \"%s\" cannot be read to its end within %s: an open transaction of"
                    .formatted(settings.progressTopic(), settings.timings().settle())
                + " another producer hides offsets %d to %d".formatted(position, end - 1))
        .detail("Open: " + who)
        .hint("It ends by itself at its time-out, or abort it with kafka-transactions.sh.")
        .exception();
  }

  private static Optional<Found> parsed(ConsumerRecord<byte[], byte[]> last) {
    byte @Nullable [] value = last.value();
    return value == null
        ? Optional.empty()
        : Optional.of(new Found(ProgressJson.read(value), last.offset()));
  }
}
