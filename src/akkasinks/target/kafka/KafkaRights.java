package akkasinks.target.kafka;

import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.NeededRight;
import akkasinks.catalog.TopicPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** All that Kafka must allow, as commands; {@link Rights} asks the brokers for the same. */
public final class KafkaRights {
  private static final String TO_MAKE = "to make the topic";

  private KafkaRights() {}

  /** Of the connection that the sink writes over. */
  public static List<NeededRight> ofSink(ResolvedSink sink) {
    String progress = sink.into().progressTopic();
    List<String> topics =
        Stream.of(
                Stream.of(sink.sink().topic().name()),
                sink.sink().details().deadLetterTopic().stream(),
                Stream.of(progress))
            .flatMap(names -> names)
            .toList();
    List<Right> always =
        new ArrayList<>(
            topics.stream().flatMap(topic -> Right.of(topic, progress).stream()).toList());
    always.add(Right.write(sink.outsideId()));
    List<Right> making =
        topics.stream().map(topic -> Right.topic(AclOperation.CREATE, topic)).toList();
    List<NeededRight> all = new ArrayList<>(needed(always, NeededRight.ALWAYS, sink.into()));
    all.addAll(needed(making, TO_MAKE, sink.into()));
    return all;
  }

  /** Of the connection that a source's topic is read over. */
  public static List<NeededRight> ofSource(KafkaSource source, KafkaConnection connection) {
    return needed(
        List.of(Right.topic(AclOperation.READ, source.topic())), NeededRight.ALWAYS, connection);
  }

  private static List<NeededRight> needed(
      List<Right> rights, String when, KafkaConnection connection) {
    return Right.commands(rights, connection.brokers()).stream()
        .map(command -> new NeededRight("KAFKA", when, prefixed(command)))
        .toList();
  }

  /** A pattern for a topic per table stands for all topics that begin as it does. */
  private static String prefixed(String command) {
    int topic = command.indexOf(" --topic ");
    if (topic < 0 || !new TopicPattern(command.substring(topic)).varies()) {
      return command;
    }
    String begun = command.substring(0, command.indexOf('{'));
    return begun.endsWith(" ") ? begun + "'*'" : begun + " --resource-pattern-type prefixed";
  }
}
