package akkasinks.target.kafka;

import akkasinks.base.FailureException;
import akkasinks.change.Relation;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;

/**
 * The topics that a sink's records go to: one, or one for each table of a whole source. They are
 * made when they are opened, if they are missing. Thread-safe.
 */
final class DataTopics {
  private final KafkaSettings settings;
  private final Topics topics;
  private final Admin admin;
  private final InstantSource clock;
  private final Map<String, Topics.Found> found = new ConcurrentHashMap<>();
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  private record Open(Topics.Found topic, Partitions partitions, Relation relation) {}

  /**
   * @param found those that are there
   */
  DataTopics(
      KafkaSettings settings,
      Topics topics,
      Admin admin,
      InstantSource clock,
      List<Topics.Found> found) {
    this.settings = settings;
    this.topics = topics;
    this.admin = admin;
    this.clock = clock;
    found.forEach(topic -> this.found.put(topic.name(), topic));
  }

  /** Where records of this relation go. */
  String name(Relation relation) {
    return settings.topic().pattern().of(relation);
  }

  /**
   * Makes it ready. Blocks the first time.
   *
   * @throws FailureException INVALID_DEFINITION if another relation has the same topic
   */
  void open(Relation relation) {
    var name = name(relation);
    var there = open.get(name);
    if (there == null) {
      open.computeIfAbsent(name, _ -> opened(name, relation));
    } else if (settings.topic().pattern().varies() && !same(there.relation(), relation)) {
      throw settings
          .topic()
          .pattern()
          .clash(there.relation(), relation)
          .hint("Drop the sink and create it again with TOPIC '….{schema}.{table}'.")
          .exception();
    }
  }

  private static boolean same(Relation one, Relation other) {
    return one.schema().equals(other.schema()) && one.name().equals(other.name());
  }

  private Open opened(String name, Relation relation) {
    var known = found.get(name);
    var topic =
        known != null
            ? known
            : topics
                .find(name)
                .orElseGet(
                    () -> {
                      var plan = settings.topic();
                      return topics.make(
                          name, plan.partitions(), plan.replicationFactor(), plan.config());
                    });
    return new Open(
        topic, new Partitions(admin, topic, settings.timings().metadataRefresh(), clock), relation);
  }

  /** Never blocks; before it is opened what is known. */
  int partitions(Relation relation) {
    var name = name(relation);
    var there = open.get(name);
    return there != null
        ? there.partitions().count()
        : Optional.ofNullable(found.get(name)).map(Topics.Found::partitions).orElse(1);
  }

  Topics.Found topic(Relation relation) {
    var there = open.get(name(relation));
    if (there == null) {
      throw new IllegalStateException("topic " + name(relation) + " is not open");
    }
    return new Topics.Found(there.topic().name(), there.topic().id(), there.partitions().count());
  }

  boolean has(String topic) {
    return open.containsKey(topic);
  }

  /** Ids by names of all that were written, now and before. */
  Map<String, String> ids(Map<String, String> before) {
    var ids = new HashMap<>(before);
    open.values().forEach(each -> ids.put(each.topic().name(), each.topic().id()));
    return ids;
  }

  /** One that was found deleted or made anew. */
  Optional<String> lost() {
    return open.values().stream()
        .filter(each -> each.partitions().lost())
        .map(each -> each.topic().name())
        .findFirst();
  }

  /** What happened to one that a person should know of, or empty. */
  String notice() {
    return open.values().stream()
        .map(each -> each.partitions().notice())
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }
}
