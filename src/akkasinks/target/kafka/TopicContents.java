package akkasinks.target.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The data topic of a sink, as a read_committed consumer sees it. Everything blocks. */
public final class TopicContents {
  private final Clients clients;
  private final String topic;

  TopicContents(Clients clients) {
    this.clients = clients;
    this.topic = clients.settings().topic().name();
  }

  /**
   * Each key's last committed record before {@code ends}, in any order, without tombstones.
   *
   * @param ends per partition
   */
  public void live(List<Long> ends, TopicFold.Each each) {
    try (TopicFold fold = TopicFold.of(clients, topic, ends)) {
      fold.live(each);
    }
  }

  /** The keys of committed records at or after {@code from}, up to the topic's end now. */
  public void keysFrom(List<Long> from, Consumer<byte[]> each) {
    try (Admin admin = clients.admin(clients.settings().timings().settle())) {
      Topics topics = new Topics(clients, admin);
      Map<TopicPartition, Long> ends =
          topics.ends(topics.find(topic).map(Topics.Found::all).orElse(List.of()));
      new TopicScan(clients, topic)
          .committedFrom(
              from,
              ends,
              record -> {
                byte @Nullable [] key = record.key();
                if (key != null) {
                  each.accept(key);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether records can vanish once a newer one of the same key is there. */
  public boolean compacted() {
    try (Admin admin = clients.admin(clients.settings().timings().settle())) {
      return new Topics(clients, admin)
          .config(topic)
          .getOrDefault("cleanup.policy", "compact")
          .contains("compact");
    }
  }
}
