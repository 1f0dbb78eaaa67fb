package akkasinks.target.kafka;

import akkasinks.target.Target;
import akkasinks.target.TargetConformance;
import akkasinks.testing.RealKafka;
import java.util.List;

class KafkaConformanceTest implements TargetConformance {
  private final KafkaFixture sink = KafkaFixture.on(RealKafka.shared());

  @Override
  public Target target() {
    return sink.target();
  }

  @Override
  public List<String> committed() {
    return sink.committed();
  }
}
