package akkasinks.source.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.KafkaSource.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/** Asks the brokers about the topic; changes nothing there. */
final class TopicLook {
  private final TopicSpec spec;
  private final TopicClients clients;
  private final Admin admin;

  TopicLook(TopicSpec spec, TopicClients clients, Admin admin) {
    this.spec = spec;
    this.clients = clients;
    this.admin = admin;
  }

  /**
   * @param id what tells it from another topic of the same name
   */
  record Found(String id, int partitions) {}

  /** For a source that has read nothing yet. */
  Found findNew() {
    try {
      return find();
    } catch (FailureException e) {
      if (e.failure().code() == Code.HISTORY_CHANGED) {
        throw Failure.of(Code.UNDEFINED_OBJECT, e.failure().message())
            .detail(e.failure().detail())
            .hint("Check TOPIC and the connection; a source makes no topic.")
            .exception(e);
      }
      throw e;
    }
  }

  Found find() {
    String doing = "looking up topic \"" + spec.topic() + "\"";
    TopicDescription topic =
        clients
            .await(
                admin
                    .describeTopics(
                        List.of(spec.topic()),
                        new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .allTopicNames(),
                doing)
            .values()
            .iterator()
            .next();
    // Brokers without an authorizer may say nothing.
    Set<AclOperation> allowed = Optional.ofNullable(topic.authorizedOperations()).orElse(Set.of());
    if (!allowed.isEmpty() && !allowed.contains(AclOperation.READ)) {
      throw clients.failures().denied(doing).exception();
    }
    return new Found(topic.topicId().toString(), topic.partitions().size());
  }

  /** Where a sink's history begins, by partition. */
  List<Long> begin(Found topic) {
    if (!spec.snapshot()) {
      return latest(topic);
    }
    return switch (spec.source().start()) {
      case Start.Earliest() -> offsets(topic, OffsetSpec.earliest());
      case Start.Offsets(var given) -> given(topic, given);
      case Start.Timestamp(long millis) -> at(topic, millis);
    };
  }

  /** The offset after the last that is committed, by partition. */
  List<Long> latest(Found topic) {
    return offsets(topic, OffsetSpec.latest());
  }

  List<Long> earliest(Found topic) {
    return offsets(topic, OffsetSpec.earliest());
  }

  /** Whether START OFFSET can be begun with. */
  void checkStart(Found topic) {
    if (spec.source().start() instanceof Start.Offsets(var given)) {
      if (given.size() > topic.partitions()) {
        throw Failure.of(
                Code.INVALID_PARAMETER,
                "START OFFSET has %d values, and topic \"%s\" has %d partitions"
                    .formatted(given.size(), spec.topic(), topic.partitions()))
            .exception();
      }
      List<Long> first = earliest(topic);
      List<Long> last = latest(topic);
      List<Long> begin = given(topic, given);
      for (int p = 0; p < begin.size(); p++) {
        if (begin.get(p) < first.get(p) || begin.get(p) > last.get(p)) {
          throw Failure.of(
                  Code.INVALID_PARAMETER,
                  "START OFFSET %d is not in partition %d of topic \"%s\""
                      .formatted(begin.get(p), p, spec.topic()))
              .detail("It has offsets from %d to %d.".formatted(first.get(p), last.get(p)))
              .exception();
        }
      }
    }
  }

  private static List<Long> given(Found topic, List<Long> given) {
    List<Long> offsets = new ArrayList<>();
    for (int p = 0; p < topic.partitions(); p++) {
      offsets.add(p < given.size() ? given.get(p) : 0);
    }
    return offsets;
  }

  private List<Long> at(Found topic, long millis) {
    long moment = millis < 0 ? Math.max(0, spec.clock().millis() + millis) : millis;
    List<Long> found = offsets(topic, OffsetSpec.forTimestamp(moment));
    List<Long> last = latest(topic);
    List<Long> offsets = new ArrayList<>();
    for (int p = 0; p < topic.partitions(); p++) {
      // Of a partition without so late a record the brokers say −1.
      offsets.add(found.get(p) < 0 ? last.get(p) : found.get(p));
    }
    return offsets;
  }

  private List<Long> offsets(Found topic, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int p = 0; p < topic.partitions(); p++) {
      asked.put(new TopicPartition(spec.topic(), p), which);
    }
    Map<TopicPartition, ListOffsetsResultInfo> answers =
        clients.await(
            admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all(),
            "asking for offsets of topic \"" + spec.topic() + "\"");
    List<Long> offsets = new ArrayList<>();
    for (int p = 0; p < topic.partitions(); p++) {
      ListOffsetsResultInfo answer = answers.get(new TopicPartition(spec.topic(), p));
      offsets.add(answer == null ? 0L : answer.offset());
    }
    return offsets;
  }
}
