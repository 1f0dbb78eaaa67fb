package akkasinks.target.kafka;

import static akkasinks.target.kafka.KafkaFixture.failureOf;
import static akkasinks.target.kafka.KafkaFixture.messages;
import static akkasinks.target.kafka.KafkaFixture.mirror;
import static akkasinks.target.kafka.KafkaFixture.position;
import static akkasinks.target.kafka.KafkaFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressJson;
import akkasinks.target.Target;
import akkasinks.testing.RealKafka;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class KafkaTargetTest {
  private final KafkaFixture sink = KafkaFixture.on(RealKafka.shared());

  @Test
  void aFirstIncarnationBeginsWithNothingButItsProgress() {
    try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
      assertThat(writer.progress()).isEmpty();
      assertThat(writer.incarnation()).isEqualTo(1);
      Target.Committed begun = writer.begin(position(5), List.of());
      assertThat(begun.offset()).isZero();
      assertThat(begun.record().frontier()).isEqualTo(position(5));
      assertThat(begun.record().writerId()).isEqualTo(writer.writerId());
      assertThat(begun.record().topics())
          .containsOnlyKeys(sink.settings().topic().name(), sink.settings().progressTopic());
      assertThat(writer.partitions(Relation.NONE)).isEqualTo(2);
    }
    assertThat(sink.committed()).isEmpty();
    assertThat(sink.target().peek(Mirror.EMPTY)).isPresent();
  }

  @Test
  void aTopicIsMadeAsItWasAskedForAndAWrongConfigurationIsToldBeforehand() throws Exception {
    String name = sink.topic() + "-asked";
    var asked = new KafkaSettings.Topic(name, 3, 1, Map.of("retention.ms", "123000"));
    try (var _ = sink.with(asked).begun();
        var admin = sink.kafka().admin()) {
      var made = admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
      assertThat(made.partitions()).hasSize(3);
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
      var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      assertThat(config.get("retention.ms").value()).isEqualTo("123000");
    }
    var wrong = new KafkaSettings.Topic(name + "-not", 1, 1, Map.of("no.such.key", "1"));
    assertThat(failureOf(() -> sink.with(wrong).target().inspect()).toString())
        .contains("no.such.key");
  }

  @Test
  void recordsAndProgressAppearTogetherOnlyWithTheCommit() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a", "b"));
      writer.write(messages("c"));
      assertThat(sink.committed()).isEmpty();
      Target.Committed done = writer.commit(position(7));
      assertThat(sink.committed()).containsExactly("a", "b", "c");
      var entries = sink.kafka().reader().committed(sink.settings().progressTopic());
      assertThat(entries).hasSize(2);
      assertThat(entries.get(1).offset()).isEqualTo(done.offset());
      assertThat(ProgressJson.read(entries.get(1).valueBytes())).isEqualTo(done.record());
      assertThat(writer.stats()).isEqualTo(new Target.Stats(3, 6, 2));
    }
  }

  @Test
  void aCommitWithoutDataStillHoldsThePosition() {
    try (Target.Writer writer = sink.begun()) {
      writer.commit(position(9));
    }
    assertThat(sink.target().peek(Mirror.EMPTY))
        .hasValueSatisfying(r -> assertThat(r.frontier()).isEqualTo(position(9)));
  }

  @Test
  void theNextIncarnationGoesOnWhereTheLastCommitted() {
    Target.Committed done;
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
      done = writer.commit(position(3));
      writer.write(messages("lost"));
    }
    try (Target.Writer next = sink.target().fence(mirror(done))) {
      assertThat(next.progress()).contains(done.record());
      assertThat(next.incarnation()).isEqualTo(2);
      next.begin(position(3), List.of());
      next.write(messages("b"));
      next.commit(position(4));
    }
    assertThat(sink.committed()).containsExactly("a", "b");
  }

  @Test
  void anOrderlyCloseLeavesNoOpenTransaction() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
    }
    var reader = sink.kafka().reader();
    String topic = sink.settings().topic().name();
    assertThat(reader.ends(topic, true)).isEqualTo(reader.ends(topic, false));
  }

  @Test
  void sinksOfOneConnectionShareTheProgressTopic() {
    KafkaFixture other = sink.neighbour("n");
    try (Target.Writer mine = sink.begun();
        Target.Writer theirs = other.begun()) {
      mine.commit(position(1));
      theirs.commit(position(2));
    }
    assertThat(sink.target().peek(Mirror.EMPTY).get().frontier()).isEqualTo(position(1));
    assertThat(other.target().peek(Mirror.EMPTY).get().frontier()).isEqualTo(position(2));
  }

  @Test
  void tombstonesFallOnTheLiveKeysThatAreChosen() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a", "b", "c"));
      writer.write(record(Math.floorMod("c".hashCode(), 2), "c", null));
      writer.commit(position(1));
      List<String> live = new ArrayList<>();
      writer.tombstone(
          Relation.NONE,
          key -> {
            live.add(new String(key.key(), StandardCharsets.UTF_8));
            return key.key()[0] == 'a';
          });
      assertThat(new TreeSet<>(live)).containsExactly("a", "b");
      assertThat(sink.kafka().reader().fold(sink.settings().topic().name())).containsOnlyKeys("b");
      assertThat(writer.stats().recordsCommitted()).isEqualTo(5);
    }
  }

  @Test
  void aResnapshotStaysInTheRecordUntilItIsSettled() {
    try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
      writer.begin(position(1), List.of(4L, 2L));
    }
    try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
      assertThat(writer.resnapshotFrom()).containsExactly(4L, 2L);
      writer.begin(position(1), writer.resnapshotFrom());
      writer.settled();
      writer.commit(position(2));
    }
    try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
      assertThat(writer.resnapshotFrom()).isEmpty();
    }
  }

  @Test
  void contentsAreTheFoldUpToGivenEnds() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(record(0, "a", "1"));
      writer.write(record(1, "b", "1"));
      writer.commit(position(1));
      List<Long> ends = writer.endOffsets(Relation.NONE);
      writer.write(record(0, "a", "2"));
      writer.write(record(1, "b", null));
      writer.commit(position(2));

      TreeMap<String, String> live = new TreeMap<>();
      TopicContents contents = sink.target().contents();
      contents.live(ends, (key, value, _, _) -> live.put(text(key), text(value)));
      assertThat(live.toString()).isEqualTo("{a=1, b=1}");
      TreeSet<String> after = new TreeSet<>();
      contents.keysFrom(ends, key -> after.add(text(key)));
      assertThat(after).containsExactly("a", "b");
      assertThat(contents.compacted()).isTrue();
    }
  }

  @Test
  void aForgottenSinkHasNoProgressAndMayBeForgottenAgain() {
    try (Target.Writer writer = sink.begun()) {
      writer.write(messages("a"));
      writer.commit(position(1));
    }
    sink.target().forget();
    sink.target().forget();
    assertThat(sink.target().peek(Mirror.EMPTY)).isEmpty();
    assertThat(sink.committed()).containsExactly("a");
  }

  @Test
  void forgettingASinkThatNeverBeganMakesNothing() throws Exception {
    sink.target().forget();
    try (var admin = sink.kafka().admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(sink.settings().progressTopic());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
