package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** One right of Kafka's ACLs: docs/acls.md lists those that a sink needs, and for what. */
record Right(AclOperation operation, Resource on) {

  static Right topic(AclOperation operation, String name) {
    return new Right(operation, new Resource(ResourceType.TOPIC, name));
  }

  /** What a sink needs of a topic: it reads back only what it wrote to the progress topic. */
  static List<Right> of(String topic, String progressTopic) {
    return topic.equals(progressTopic)
        ? List.of(topic(AclOperation.READ, topic), topic(AclOperation.WRITE, topic))
        : List.of(topic(AclOperation.WRITE, topic));
  }

  static Right write(String transactionalId) {
    return new Right(
        AclOperation.WRITE, new Resource(ResourceType.TRANSACTIONAL_ID, transactionalId));
  }

  /** To end a transaction that a broker has lost. */
  static Right alterCluster() {
    return new Right(AclOperation.ALTER, Resource.CLUSTER);
  }

  /**
   * @param missing not empty
   * @param doing what it was missed at, or empty
   */
  static Failure denied(List<Right> missing, String doing, KafkaSettings settings) {
    String all = missing.stream().map(Right::toString).collect(Collectors.joining(" and "));
    return Failure.of(
            Code.PRIVILEGE, "Kafka denies " + all + (doing.isEmpty() ? "" : " while " + doing))
        .hint(
            String.join("; ", commands(missing, settings.brokers()))
                + " (NAME: who the connection logs in as)");
  }

  /** One for each resource, for User:NAME. */
  static List<String> commands(List<Right> missing, List<String> brokers) {
    Map<Resource, List<Right>> byResource =
        missing.stream()
            .collect(Collectors.groupingBy(Right::on, LinkedHashMap::new, Collectors.toList()));
    return byResource.entrySet().stream()
        .map(
            each ->
                "kafka-acls.sh --bootstrap-server %s --add --allow-principal User:NAME%s%s"
                    .formatted(
                        brokers.getFirst(),
                        each.getValue().stream()
                            .map(right -> " --operation " + right.spelled())
                            .collect(Collectors.joining()),
                        place(each.getKey())))
        .toList();
  }

  /** As kafka-acls.sh takes it: DescribeConfigs. */
  private String spelled() {
    var spelled = new StringBuilder();
    for (String word : operation.name().split("_")) {
      spelled.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return spelled.toString();
  }

  private static String place(Resource on) {
    return switch (on.resourceType()) {
      case TOPIC -> " --topic " + on.name();
      case TRANSACTIONAL_ID -> " --transactional-id " + on.name();
      default -> " --cluster";
    };
  }

  @Override
  public String toString() {
    return operation
        + switch (on.resourceType()) {
          case TOPIC -> " on topic \"" + on.name() + "\"";
          case TRANSACTIONAL_ID -> " on transactional id \"" + on.name() + "\"";
          default -> " on the cluster";
        };
  }
}
