package akkasinks.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.TopicWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A consumer never says that its brokers are away: the stream must. Takes as long as it is patient.
 */
@Tag("full")
class TopicAwayTest {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  @Test
  void aBrokerThatIsAwayStopsTheStreamAndFromItsPositionAllGoesOn() {
    try (var kafka = RealKafka.start()) {
      kafka.createTopic("away", 1, Map.of());
      try (var writer = new TopicWriter(kafka.bootstrap(), "away")) {
        writer.begin().send(null, "a").commit();
      }
      var source = Sources.over(kafka, Sources.LINES, "away");
      var begin = source.begin();
      try (var stream = source.open(begin)) {
        var read = Read.of(stream, 1);
        kafka.kill();
        var failure =
            Await.within(Duration.ofSeconds(90))
                .value(
                    "it says so",
                    () -> catchThrowableOfType(FailureException.class, () -> stream.next(PATIENCE)),
                    thrown -> thrown != null);
        assertThat(failure.failure().code()).isEqualTo(Code.UNREACHABLE);
        assertThat(failure.failure().message()).contains(kafka.bootstrap());
        kafka.up();
        try (var writer = new TopicWriter(kafka.bootstrap(), "away")) {
          writer.begin().send(null, "b").commit();
        }
        try (var again = source.open(read.position())) {
          assertThat(Read.of(again, 1).changes()).isEqualTo(List.of("INSERT - [b]"));
        }
      }
    }
  }
}
