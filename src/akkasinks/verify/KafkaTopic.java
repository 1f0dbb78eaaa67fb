package akkasinks.verify;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.target.Target;
import akkasinks.target.kafka.KafkaTarget;
import akkasinks.target.kafka.TopicContents;
import java.util.List;
import java.util.function.Consumer;

/** The topic of a Kafka target. */
record KafkaTopic(TopicContents contents) implements LiveTopic {

  /**
   * @throws akkasinks.base.FailureException NOT_SUPPORTED if the target is something else
   */
  static KafkaTopic of(Target target) {
    if (target instanceof KafkaTarget kafka) {
      return new KafkaTopic(kafka.contents());
    }
    throw Failure.of(Code.NOT_SUPPORTED, "only sinks into Kafka can be compared").exception();
  }

  @Override
  public void live(List<Long> ends, Each each) {
    contents.live(ends, (key, value, _, _) -> each.take(key, value));
  }

  @Override
  public void keysFrom(List<Long> from, Consumer<byte[]> each) {
    contents.keysFrom(from, each);
  }

  @Override
  public boolean compacted() {
    return contents.compacted();
  }
}
