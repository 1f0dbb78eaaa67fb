package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.PostgresPosition;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.junit.jupiter.api.Test;

/** What stands in state stores of older versions is read. */
final class SinkStateTest {
  private static final PostgresPosition.Origin ORIGIN = new PostgresPosition.Origin(16385, 16390);

  @Test
  void aMirrorThatDoesNotKnowItsOriginIsRead() throws Exception {
    var system =
        ActorSystem.create(
            "state",
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("node.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    try {
      var json =
          JacksonObjectMapperProvider.get(system).getOrCreate("jackson-json", Optional.empty());
      var record =
          new ProgressRecord(
              "k1",
              3,
              "w",
              PostgresPosition.of("7446", 1, "slot", 77).on(1, ORIGIN),
              Map.of("orders", "id"),
              List.of());
      var state = new SinkState(false, new Mirror(Optional.of(record), 5, 3));
      var text = new String(json.writeValueAsBytes(state), StandardCharsets.UTF_8);
      assertThat(json.readValue(text, SinkState.class)).isEqualTo(state);
      var older = json.readValue(text.replaceFirst(",\"origin\":\\{[^}]*}", ""), SinkState.class);
      var position = (PostgresPosition) older.mirror().record().orElseThrow().frontier();
      assertThat(position.origin()).isEmpty();
      assertThat(position.on(1, ORIGIN)).isEqualTo(record.frontier());
    } finally {
      system.terminate();
    }
  }
}
