package akkasinks.target.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many partitions the data topic has, looked up anew from time to time without anybody waiting
 * for it; and whether it still is the same topic. Thread-safe.
 */
final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  private final Admin admin;
  private final Topics.Found topic;
  private final Duration interval;
  private final InstantSource clock;

  private volatile int count;
  private volatile boolean lost;
  private volatile Instant next;
  private volatile String notice = "";

  Partitions(Admin admin, Topics.Found topic, Duration interval, InstantSource clock) {
    this.admin = admin;
    this.topic = topic;
    this.interval = interval;
    this.clock = clock;
    this.count = topic.partitions();
    this.next = clock.instant().plus(interval);
  }

  int count() {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(interval);
      admin.describeTopics(List.of(topic.name())).allTopicNames().whenComplete(this::learned);
    }
    return count;
  }

  /** True once the topic was found deleted or made anew. */
  boolean lost() {
    return lost;
  }

  /** What happened to the topic that a person should know of, or empty. */
  String notice() {
    return notice;
  }

  private void learned(@Nullable Map<String, TopicDescription> answer, @Nullable Throwable error) {
    if (answer != null) {
      TopicDescription found = answer.values().iterator().next();
      lost |= !found.topicId().toString().equals(topic.id());
      if (found.partitions().size() > count) {
        notice =
            ("topic \"%s\" got more partitions at %s: %d instead of %d. From then on a key's"
                    + " records may lie in another partition than before: across that moment their"
                    + " order is lost")
                .formatted(topic.name(), clock.instant(), found.partitions().size(), count);
        LOG.warn("{}", notice);
        count = found.partitions().size();
      }
    } else {
      lost |= Optional.ofNullable(error).filter(this::isGone).isPresent();
    }
  }

  private boolean isGone(Throwable error) {
    return error instanceof UnknownTopicOrPartitionException
        || error.getCause() instanceof UnknownTopicOrPartitionException;
  }
}
