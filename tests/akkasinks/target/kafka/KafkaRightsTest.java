package akkasinks.target.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.NeededRight;
import akkasinks.testing.SinkDefinitions;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KafkaRightsTest {
  private static final String ADD =
      "kafka-acls.sh --bootstrap-server nowhere:1 --add --allow-principal User:NAME ";

  private static List<String> commands(String topic) {
    return KafkaRights.ofSink(
            SinkDefinitions.unconnected("s1", topic, List.of(), Envelope.APPEND, true))
        .stream()
        .map(NeededRight::command)
        .toList();
  }

  @Test
  void aTopicPerTableIsGrantedByItsBeginningAndByNothingLessIfItHasNone() {
    assertThat(commands("orders")).contains(ADD + "--operation Write --topic orders");
    assertThat(commands("shop.{table}"))
        .contains(ADD + "--operation Write --topic shop. --resource-pattern-type prefixed");
    assertThat(commands("{schema}.{table}")).contains(ADD + "--operation Write --topic '*'");
  }
}
