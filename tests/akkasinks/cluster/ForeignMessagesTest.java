package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.command.Command;
import akkasinks.command.Outcome;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What comes from the cluster becomes an object only if it is one of ours. */
final class ForeignMessagesTest {
  private static ActorSystem system;
  private static Serialization serialization;

  /** What a test would do harm with: says when it was made. */
  public static final class Foreign {
    static volatile boolean made;

    public Foreign() {
      made = true;
    }
  }

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            "foreign",
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("node.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    serialization = SerializationExtension.get(system);
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @Test
  void ourOwnIsRead() throws IOException {
    int jackson = serialization.serializerFor(Command.ListSinks.class).identifier();
    byte[] bytes = serialization.serialize(new Command.ListSinks()).get();

    assertThat(read(bytes, jackson, Command.ListSinks.class.getName()).get())
        .isEqualTo(new Command.ListSinks());
  }

  @Test
  void anotherClassIsRefusedBeforeAnythingOfItIsMade() throws IOException {
    byte[] empty =
        JacksonObjectMapperProvider.get(system)
            .getOrCreate("jackson-cbor", Optional.empty())
            .writeValueAsBytes(java.util.Map.of());
    for (Class<?> ours : List.of(Command.ListSinks.class, Outcome.Done.class, SinkState.class)) {
      int jackson = serialization.serializerFor(ours).identifier();
      for (String name :
          List.of(
              Foreign.class.getName(),
              "java.util.HashMap",
              "javax.swing.JEditorPane",
              "akkasinks.cluster.NodeConfig$State",
              "akkasinks.cluster.Secrets")) {
        assertThat(read(empty, jackson, name).isFailure()).as(name).isTrue();
      }
    }
    assertThat(Foreign.made).isFalse();
  }

  /** A type name inside a message chooses among ours only. */
  @Test
  void aTypeNamedInsideAMessageIsOneOfOurs() throws IOException {
    var json =
        JacksonObjectMapperProvider.get(system).getOrCreate("jackson-json", Optional.empty());
    int jackson = serialization.serializerFor(SinkState.class).identifier();
    byte[] bytes =
        "{\"@type\":\"%s\"}".formatted(Foreign.class.getName()).getBytes(StandardCharsets.UTF_8);

    assertThat(read(bytes, jackson, "akkasinks.catalog.CatalogEvent").isFailure()).isTrue();
    assertThat(json.readTree(bytes).has("@type")).isTrue();
    assertThat(Foreign.made).isFalse();
  }

  @Test
  void javasOwnSerializationIsOff() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(List.of("x"));
    }

    assertThat(read(bytes.toByteArray(), 1, "").isFailure()).isTrue();
  }

  private static scala.util.Try<Object> read(byte[] bytes, int serializer, String manifest) {
    return serialization.deserialize(bytes, serializer, manifest);
  }
}
