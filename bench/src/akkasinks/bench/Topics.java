package akkasinks.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Some topics as a read_committed reader meets them, without reading them. */
final class Topics implements AutoCloseable {
  private final Admin admin;
  private final Set<String> names;
  private final Map<TopicPartition, OffsetSpec> latest = new HashMap<>();

  Topics(Stage stage, Collection<String> names) throws Exception {
    this.admin = stage.admin();
    this.names = new HashSet<>(names);
    var found = admin.describeTopics(names).allTopicNames().get();
    found.forEach(
        (name, topic) ->
            topic
                .partitions()
                .forEach(
                    p -> latest.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
  }

  /** Offsets that can be read, of all partitions; the markers of transactions count as one each. */
  long stable() throws Exception {
    return admin
        .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(found -> found.offset())
        .sum();
  }

  /** What they take in the broker's log. */
  long diskBytes() throws Exception {
    int broker = admin.describeCluster().nodes().get().iterator().next().id();
    return admin.describeLogDirs(Set.of(broker)).allDescriptions().get().values().stream()
        .flatMap(dirs -> dirs.values().stream())
        .flatMap(dir -> dir.replicaInfos().entrySet().stream())
        .filter(replica -> names.contains(replica.getKey().topic()))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  @Override
  public void close() {
    admin.close();
  }
}
