package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.progress.ProgressRules;
import akkasinks.target.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink's Kafka topic. Opens no connection before it is asked for something. */
public final class KafkaTarget implements Target {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTarget.class);

  private static final Duration NOW = Duration.ZERO;

  /** How many a whole source has, as long as their topics are not made. */
  private static final int SOME_TABLES = 32;

  private final KafkaSettings settings;
  private final Clients clients;
  private final ProducerMemory memory;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param memory what the node's producers share
   * @param random for writer ids, which must never be given twice by anybody; drawn from on the
   *     threads that call {@link #fence}
   */
  public KafkaTarget(
      KafkaSettings settings, ProducerMemory memory, InstantSource clock, RandomGenerator random) {
    this.settings = settings;
    this.memory = memory;
    this.clients = new Clients(settings);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public List<Notice> inspect() {
    checkNames();
    try (Admin admin = clients.admin(settings.timings().connect())) {
      new Reach(clients).check(admin);
      Topics topics = new Topics(clients, admin);
      new Rights(clients, admin, topics).check();
      checkTimings(topics);
      topics
          .find(settings.progressTopic())
          .ifPresent(topic -> new ProgressTopic(clients, admin).check(topic));
      if (settings.topic().pattern().varies()) {
        return planned(topics);
      }
      return topics
          .find(settings.topic().name())
          .map(topics::notices)
          .orElseGet(() -> planned(topics));
    }
  }

  /** What is to be said of a topic that the sink will make. */
  private List<Notice> planned(Topics topics) {
    var topic = settings.topic();
    topics.wouldMake(
        topic.example(), topic.partitions(), topic.replicationFactor(), topic.config());
    String policy =
        Optional.ofNullable(settings.topic().config().get("cleanup.policy"))
            .orElseGet(() -> topics.brokerConfig().getOrDefault("log.cleanup.policy", "compact"));
    return settings.upsert() && !policy.contains("compact")
        ? List.of(Topics.notCompacted(settings.topic().name(), policy))
        : List.of();
  }

  private void checkNames() {
    if (settings.topic().name().equals(settings.progressTopic())
        || settings.deadLetterTopic().filter(settings.progressTopic()::equals).isPresent()) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "topic \"%s\" is the connection's progress topic".formatted(settings.progressTopic()))
          .hint("Choose another TOPIC.")
          .exception();
    }
  }

  /** A record must be given up before its transaction, and the brokers must allow that long. */
  private void checkTimings(Topics topics) {
    Duration transaction = settings.transaction();
    if (settings.delivery().compareTo(transaction) >= 0) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "delivery.timeout.ms (%d) must be less than transaction.timeout.ms (%d)"
                  .formatted(settings.delivery().toMillis(), transaction.toMillis()))
          .exception();
    }
    String most = topics.brokerConfig().get("transaction.max.timeout.ms");
    if (most != null && transaction.toMillis() > Long.parseLong(most)) {
      throw Failure.of(
              Code.PREREQUISITE,
              "transactions of %d ms are longer than the brokers allow (%s ms)"
                  .formatted(transaction.toMillis(), most))
          .hint("Raise the brokers' transaction.max.timeout.ms, or shorten ours.")
          .exception();
    }
  }

  @Override
  public Writer fence(Mirror mirror) {
    checkNames();
    Admin admin = clients.admin(settings.timings().settle());
    Producer<byte[], byte[]> producer = null;
    Producer<byte[], byte[]> plain = null;
    ProducerMemory.Share share = null;
    try {
      // Brokers that are away show at once, with the reason, and not after the last time-out.
      new Reach(clients).check(admin);
      Topics topics = new Topics(clients, admin);
      checkTimings(topics);
      ProgressTopic progress = new ProgressTopic(clients, admin);
      Topics.Found progressTopic = progress.ensure(mirror);
      List<Topics.Found> data = found(topics);

      List<TopicPartition> written = new ArrayList<>(progressTopic.all());
      data.forEach(topic -> written.addAll(topic.all()));
      settings
          .deadLetterTopic()
          .flatMap(topics::find)
          .ifPresent(topic -> written.addAll(topic.all()));
      Orphans orphans = new Orphans(clients, admin);
      FailPoints.reach("kafka.fence.before");
      orphans.complete(written);
      share =
          memory.share(
              Math.max(expected(), data.stream().mapToInt(Topics.Found::partitions).sum()));
      producer = clients.producer(share.batch());
      init(producer);
      if (settings.atLeastOnce()) {
        plain = clients.plainProducer(share.batch());
      }
      FailPoints.reach("kafka.fenced");
      LOG.debug("sink {}: fenced", settings.outsideId());

      orphans.settle(written, progressTopic.all().get(0));

      Optional<ProgressTopic.Found> found = progress.read(mirror);
      FailPoints.reach("kafka.progress.read");
      LOG.debug("sink {}: progress read", settings.outsideId());
      Optional<ProgressRecord> record = found.map(ProgressTopic.Found::record);
      ProgressRules.contradiction(
              record,
              found.map(ProgressTopic.Found::offset).orElse(-1L),
              mirror,
              settings.progressTopic())
          .ifPresent(
              failure -> {
                throw failure.exception();
              });
      record.ifPresent(r -> sameTopics(r, progressTopic, data));
      return new KafkaWriter(
          clients,
          admin,
          producer,
          plain == null ? producer : plain,
          share,
          clock,
          newWriterId(),
          ProgressRules.next(record, mirror),
          record,
          progressTopic,
          data);
    } catch (RuntimeException | Error e) {
      if (producer != null) {
        producer.close(NOW);
      }
      if (plain != null) {
        plain.close(NOW);
      }
      if (share != null) {
        share.close();
      }
      admin.close(NOW);
      throw e;
    }
  }

  /** Step 1. A time-out leaves it unknown whether the coordinator has done it: done again it is. */
  private void init(Producer<byte[], byte[]> producer) {
    Deadline deadline = Deadline.in(settings.timings().settle());
    while (true) {
      try {
        producer.initTransactions();
        return;
      } catch (TimeoutException e) {
        if (deadline.over()) {
          throw clients.failures().of(e, "fencing older writers");
        }
      } catch (KafkaException e) {
        throw clients.failures().of(e, "fencing older writers");
      }
    }
  }

  /** Partitions that may be written to, as far as nothing is there yet. */
  private int expected() {
    int each = Math.max(1, settings.topic().partitions());
    return settings.topic().pattern().varies() ? each * SOME_TABLES : each;
  }

  /** The data topics that are there; of a whole source perhaps more than are its. */
  private List<Topics.Found> found(Topics topics) {
    var pattern = settings.topic().pattern();
    return pattern.varies()
        ? topics.matching(pattern.names())
        : topics.find(pattern.text()).stream().toList();
  }

  private void sameTopics(
      ProgressRecord record, Topics.Found progressTopic, List<Topics.Found> data) {
    Map<String, String> ids =
        data.stream().collect(Collectors.toMap(Topics.Found::name, Topics.Found::id));
    record
        .topics()
        .forEach(
            (name, expected) -> {
              if (!name.equals(progressTopic.name()) && mine(name)) {
                sameTopic(name, expected, Optional.ofNullable(ids.get(name)));
              }
            });
    String progressId = record.topics().get(progressTopic.name());
    if (progressId != null && !progressId.equals(progressTopic.id())) {
      throw KafkaWriter.madeAnew(progressTopic.name(), progressId, progressTopic.id());
    }
  }

  /** What the sink wrote to before it was altered is of no concern. */
  private boolean mine(String topic) {
    return settings.topic().pattern().names().matcher(topic).matches();
  }

  private static void sameTopic(String name, String expected, Optional<String> found) {
    if (found.isEmpty()) {
      throw Failure.of(Code.HISTORY_CHANGED, "topic \"%s\" is gone".formatted(name))
          .detail("The sink has written to it (topic id %s).".formatted(expected))
          .hint("Drop the sink and create it again; the topic is not made anew by itself.")
          .exception();
    }
    if (!expected.equals(found.get())) {
      throw KafkaWriter.madeAnew(name, expected, found.get());
    }
  }

  private String newWriterId() {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public Optional<ProgressRecord> peek(Mirror mirror) {
    try (Admin admin = clients.admin(settings.timings().connect())) {
      if (new Topics(clients, admin).find(settings.progressTopic()).isEmpty()) {
        return Optional.empty();
      }
      return new ProgressTopic(clients, admin).peek(mirror).map(ProgressTopic.Found::record);
    }
  }

  @Override
  public void forget() {
    try (Admin admin = clients.admin(settings.timings().connect())) {
      new Reach(clients).check(admin);
      if (new Topics(clients, admin).find(settings.progressTopic()).isEmpty()) {
        return;
      }
    }
    Producer<byte[], byte[]> producer = clients.producer(ProducerMemory.SMALLEST);
    try {
      init(producer);
      FailPoints.reach("kafka.forget.fenced");
      producer.beginTransaction();
      producer.send(
          new ProducerRecord<>(
              settings.progressTopic(),
              0,
              settings.outsideId().getBytes(StandardCharsets.UTF_8),
              null));
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw clients.failures().of(e, "removing the sink's progress record");
    } finally {
      producer.close(NOW);
    }
  }

  /**
   * The data topic as its readers see it, for verify.
   *
   * @throws akkasinks.base.FailureException HISTORY_CHANGED if there is no such topic
   */
  public TopicContents contents() {
    return new TopicContents(clients);
  }
}
