package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks topics up, makes them, and says what is unusual about one that is there already. */
final class Topics {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private final Clients clients;
  private final Admin admin;

  Topics(Clients clients, Admin admin) {
    this.clients = clients;
    this.admin = admin;
  }

  /**
   * @param id a topic made anew under the same name has another one
   */
  record Found(String name, String id, int partitions) {
    List<TopicPartition> all() {
      return IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(name, p)).toList();
    }
  }

  /** Empty if there is no such topic; asking never makes one. */
  Optional<Found> find(String name) {
    KafkaFuture<TopicDescription> answer =
        admin.describeTopics(List.of(name)).allTopicNames().thenApply(Topics::only);
    try {
      answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    TopicDescription topic =
        clients.await(
            answer,
            "looking up topic \"" + name + "\"",
            Right.of(name, clients.settings().progressTopic()).toArray(Right[]::new));
    return Optional.of(new Found(name, topic.topicId().toString(), topic.partitions().size()));
  }

  /** All whose names match. */
  List<Found> matching(Pattern names) {
    List<String> known =
        clients.await(admin.listTopics().names(), "listing topics").stream()
            .filter(name -> names.matcher(name).matches())
            .toList();
    return clients
        .await(admin.describeTopics(known).allTopicNames(), "looking up topics")
        .values()
        .stream()
        .map(t -> new Found(t.name(), t.topicId().toString(), t.partitions().size()))
        .toList();
  }

  /** Those of the topics that this client may read; brokers without an authorizer let it any. */
  Set<String> readable(Set<String> names) {
    return clients
        .await(
            admin
                .describeTopics(
                    names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames(),
            "asking for the rights on topics " + names)
        .values()
        .stream()
        .filter(topic -> allows(topic, AclOperation.READ))
        .map(TopicDescription::name)
        .collect(Collectors.toSet());
  }

  /** Brokers without an authorizer may say nothing. */
  static boolean allows(TopicDescription topic, AclOperation operation) {
    Set<AclOperation> allowed = Optional.ofNullable(topic.authorizedOperations()).orElse(Set.of());
    return allowed.isEmpty() || allowed.contains(operation);
  }

  /**
   * Makes the topic; one that another client made in this moment is taken as it is.
   *
   * @param partitions,replicationFactor 0 for the broker's default
   */
  Found make(String name, int partitions, int replicationFactor, Map<String, String> config) {
    NewTopic topic = planned(name, partitions, replicationFactor, config);
    KafkaFuture<Void> answer = admin.createTopics(List.of(topic)).all();
    try {
      answer.get();
      LOG.info("made topic {}", name);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw clients
            .failures()
            .of(
                e.getCause() == null ? e : e.getCause(),
                "making topic \"" + name + "\"",
                List.of(Right.topic(AclOperation.CREATE, name)));
      }
    } catch (InterruptedException e) {
      throw clients
          .failures()
          .of(new org.apache.kafka.common.errors.InterruptException(e), "making a topic");
    }
    return visible(name);
  }

  /**
   * Asks the brokers whether {@link #make} would succeed; makes nothing.
   *
   * @throws akkasinks.base.FailureException what they would refuse: a configuration, a replication
   *     factor beyond the brokers there are, a permission
   */
  void wouldMake(String name, int partitions, int replicationFactor, Map<String, String> config) {
    NewTopic topic = planned(name, partitions, replicationFactor, config);
    CreateTopicsOptions only = new CreateTopicsOptions().validateOnly(true);
    clients.await(
        admin.createTopics(List.of(topic), only).all(),
        "asking whether topic \"" + name + "\" can be made",
        Right.topic(AclOperation.CREATE, name));
  }

  private static NewTopic planned(
      String name, int partitions, int replicationFactor, Map<String, String> config) {
    return new NewTopic(
            name,
            partitions == 0 ? Optional.empty() : Optional.of(partitions),
            replicationFactor == 0
                ? Optional.<Short>empty()
                : Optional.of((short) replicationFactor))
        .configs(config);
  }

  /** A new topic shows up on every broker only after a moment. */
  private Found visible(String name) {
    Deadline deadline = Deadline.in(clients.settings().timings().settle());
    while (true) {
      Optional<Found> found = find(name);
      if (found.isPresent()) {
        return found.get();
      }
      if (deadline.over()) {
        throw Failure.of(
                Code.UNREACHABLE,
                "topic \"%s\" was made but no broker shows it after %s"
                    .formatted(name, clients.settings().timings().settle()))
            .exception();
      }
      deadline.pause();
    }
  }

  /** What the author of a sink should know about a data topic that is there already. */
  List<Notice> notices(Found topic) {
    List<Notice> notices = new ArrayList<>();
    Map<String, String> config = config(topic.name());
    different(topic, config).ifPresent(notices::add);
    String policy = config.getOrDefault("cleanup.policy", "compact");
    if (clients.settings().upsert() && !policy.contains("compact")) {
      notices.add(notCompacted(topic.name(), policy));
    }
    long records = ends(topic.all()).values().stream().mapToLong(Long::longValue).sum();
    if (records > 0) {
      notices.add(
          Notice.of("topic \"%s\" is not empty".formatted(topic.name()))
              .detail("Its partitions end at offsets that add up to %d.".formatted(records))
              .hint("The sink writes behind what is there, and does not remove it."));
    }
    return notices;
  }

  /** What the sink was told of its topic and the topic that is there does not have. */
  private Optional<Notice> different(Found topic, Map<String, String> config) {
    KafkaSettings.Topic plan = clients.settings().topic();
    List<String> lines = new ArrayList<>();
    if (plan.partitions() > 0 && plan.partitions() != topic.partitions()) {
      lines.add(
          "TOPIC PARTITION COUNT is %d and asked for are %d"
              .formatted(topic.partitions(), plan.partitions()));
    }
    if (!config.isEmpty()) {
      new TreeMap<>(plan.config())
          .forEach(
              (name, wanted) -> {
                String has = config.getOrDefault(name, "");
                if (!has.equals(wanted)) {
                  lines.add("%s is \"%s\" and asked for is \"%s\"".formatted(name, has, wanted));
                }
              });
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Notice.of("topic \"%s\" exists and is not as TOPIC CONFIG asks".formatted(topic.name()))
                .detail(String.join("; ", lines) + ".")
                .hint("The sink leaves it as it is; alter it with kafka-configs or kafka-topics."));
  }

  /** For an UPSERT topic that the brokers would make, or have, with deletion instead. */
  static Notice notCompacted(String topic, String policy) {
    return Notice.of(
            "topic \"%s\" is not compacted although the sink is ENVELOPE UPSERT".formatted(topic))
        .detail(
            "With cleanup.policy \"%s\" rows vanish from the topic when they grow old."
                .formatted(policy))
        .hint(
            "For a topic that the sink makes: TOPIC CONFIG MAP['cleanup.policy' => 'compact'];"
                + " for one that exists, alter its cleanup.policy.");
  }

  /** Empty if this client may not see it. */
  Map<String, String> config(String topic) {
    return config(new ConfigResource(ConfigResource.Type.TOPIC, topic));
  }

  /** Of whichever broker answers; empty if this client may not see it. */
  Map<String, String> brokerConfig() {
    String broker =
        clients.await(admin.describeCluster().nodes(), "looking up the brokers").stream()
            .findFirst()
            .map(node -> node.idString())
            .orElse("");
    return broker.isEmpty()
        ? Map.of()
        : config(new ConfigResource(ConfigResource.Type.BROKER, broker));
  }

  private Map<String, String> config(ConfigResource resource) {
    try {
      Config config = only(admin.describeConfigs(List.of(resource)).all().get());
      Map<String, String> values = new HashMap<>();
      config
          .entries()
          .forEach(
              entry -> {
                if (entry.value() != null) {
                  values.put(entry.name(), entry.value());
                }
              });
      return values;
    } catch (ExecutionException e) {
      LOG.info("cannot see the configuration of {}: {}", resource, KafkaFailures.described(e));
      return Map.of();
    } catch (InterruptedException e) {
      throw clients
          .failures()
          .of(new org.apache.kafka.common.errors.InterruptException(e), "reading configuration");
    }
  }

  private static <T> T only(Map<?, T> answers) {
    return answers.values().iterator().next();
  }

  /** End offset of each, including what open transactions hold. */
  Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /** The last stable offset of each: before what the oldest open transaction holds. */
  Map<TopicPartition, Long> stableEnds(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
  }

  Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  private Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    clients
        .await(
            admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all(),
            "reading end offsets")
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }
}
