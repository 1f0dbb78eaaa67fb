package akkasinks.source.kafka;

import akkasinks.base.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks from time to time, without anybody waiting for it, whether the topic still is the same one,
 * how many partitions it has, and whether brokers answer at all: a consumer tells none of this.
 * Thread-safe.
 */
final class TopicWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Longer than one question may take, so that a broker's restart is no failure. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final TopicSpec spec;
  private final TopicClients clients;
  private final Admin admin;
  private final String id;

  private volatile int partitions;
  private volatile Optional<Failure> failure = Optional.empty();
  private volatile Instant answered;
  private volatile Instant next;

  TopicWatch(TopicSpec spec, TopicClients clients, Admin admin, TopicLook.Found topic) {
    this.spec = spec;
    this.clients = clients;
    this.admin = admin;
    this.id = topic.id();
    this.partitions = topic.partitions();
    this.answered = spec.clock().instant();
    this.next = answered.plus(INTERVAL);
  }

  /** What was seen last; looks again if that is long ago. */
  Optional<Failure> look() {
    Instant now = spec.clock().instant();
    if (!now.isBefore(next)) {
      next = Instant.MAX;
      admin.describeTopics(List.of(spec.topic())).allTopicNames().whenComplete(this::learned);
    }
    return failure;
  }

  int partitions() {
    return partitions;
  }

  private void learned(@Nullable Map<String, TopicDescription> answer, @Nullable Throwable error) {
    Instant now = spec.clock().instant();
    if (answer != null) {
      TopicDescription found = answer.values().iterator().next();
      String foundId = found.topicId().toString();
      answered = now;
      failure =
          foundId.equals(id)
              ? Optional.empty()
              : Optional.of(clients.failures().remade(id, foundId));
      partitions = Math.max(partitions, found.partitions().size());
    } else if (error != null) {
      boolean gone =
          error instanceof UnknownTopicOrPartitionException
              || error.getCause() instanceof UnknownTopicOrPartitionException;
      if (gone || now.isAfter(answered.plus(SILENCE))) {
        failure =
            Optional.of(
                clients
                    .failures()
                    .of(error, "looking after topic \"" + spec.topic() + "\"")
                    .failure());
      }
    }
    next = now.plus(INTERVAL);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
