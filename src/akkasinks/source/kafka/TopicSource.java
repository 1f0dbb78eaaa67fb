package akkasinks.source.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.KafkaSource;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Position;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One Kafka topic, read as committed. Its position is the next offset of each partition; no offset
 * is ever kept anywhere but in the sink's own progress, and nothing is made in the source's
 * brokers.
 */
public final class TopicSource implements ChangeSource {
  private final TopicSpec spec;
  private final TopicClients clients;

  public TopicSource(TopicSpec spec) {
    this.spec = spec;
    this.clients = new TopicClients(spec);
  }

  @Override
  public Inspection inspect() {
    try (var admin = clients.admin()) {
      var look = new TopicLook(spec, clients, admin);
      look.checkStart(look.findNew());
    }
    KafkaSource source = spec.source();
    boolean known = !source.key().isEmpty();
    return new Inspection(
        source.relation(),
        known && spec.sinkKey().containsAll(source.key()),
        known ? List.of(source.key()) : List.of(),
        List.of());
  }

  @Override
  public Position begin() {
    try (var admin = clients.admin()) {
      var look = new TopicLook(spec, clients, admin);
      var topic = look.find();
      return KafkaPosition.of(topic.id(), look.begin(topic));
    }
  }

  /** The topic may be another of the same name by now: then this is where its history begins. */
  @Override
  public Position again(Optional<Position> frontier) {
    try (var admin = clients.admin()) {
      var look = new TopicLook(spec, clients, admin);
      var topic = look.find();
      long skipped =
          frontier
              .filter(KafkaPosition.class::isInstance)
              .map(at -> ((KafkaPosition) at).skipped())
              .orElse(0L);
      return new KafkaPosition(topic.id(), look.earliest(topic), skipped, look.latest(topic));
    }
  }

  @Override
  public Stream open(Position position) {
    if (!(position instanceof KafkaPosition at)) {
      throw Failure.of(Code.HISTORY_CHANGED, "the sink's progress is not of a Kafka topic")
          .exception();
    }
    var admin = clients.admin();
    try {
      var look = new TopicLook(spec, clients, admin);
      var topic = look.find();
      if (!topic.id().equals(at.topicId())) {
        throw clients.failures().remade(at.topicId(), topic.id()).exception();
      }
      List<Long> earliest = look.earliest(topic);
      for (int partition = 0; partition < topic.partitions(); partition++) {
        if (at.next(partition) < earliest.get(partition)) {
          throw clients
              .failures()
              .outOfRange(
                  partition,
                  at.next(partition),
                  "The partition begins at offset %d.".formatted(earliest.get(partition)))
              .exception();
        }
      }
      return new TopicStream(spec, clients, new TopicWatch(spec, clients, admin, topic), at);
    } catch (RuntimeException | Error e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  @Override
  public Reading read(Duration patience) {
    throw Failure.of(
            Code.NOT_SUPPORTED,
            "topic \"%s\" holds changes, and no table to compare with".formatted(spec.topic()))
        .exception();
  }

  /** Nothing was made. */
  @Override
  public void forget() {}
}
