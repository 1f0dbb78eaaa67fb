package akkasinks.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import akkasinks.change.SnapshotState.Chunk;
import akkasinks.change.SnapshotState.Visible;
import akkasinks.change.SnapshotState.XidRange;
import akkasinks.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProgressJsonTest {
  @Test
  void aPositionInATopicIsReadAsItWasWritten() {
    for (var position :
        List.of(
            KafkaPosition.of("3f", List.of()),
            KafkaPosition.of("3f", List.of(0L, 1L << 40)),
            new KafkaPosition("3f", List.of(7L), 3, List.of(9L, 0L)))) {
      assertThat(PositionJson.read(PositionJson.write(position))).isEqualTo(position);
    }
    assertThat(PositionJson.write(KafkaPosition.of("3f", List.of(7L, 9L))).toString())
        .isEqualTo("{\"kind\":\"kafka\",\"topic\":\"3f\",\"offsets\":[7,9]}");
  }

  private static final ProgressRecord RECORD =
      new ProgressRecord(
          "u1",
          3,
          "w",
          new PostgresPosition(
              "7446",
              1,
              "slot",
              0x16B3748,
              Optional.of(new PostgresPosition.Within(0x1_0000_00FFL, 7)),
              Optional.of(
                  new SnapshotState(
                      new Visible(
                          755, 760, List.of(new XidRange(756, 757), new XidRange(759, 759))),
                      true,
                      false,
                      List.of("41"),
                      List.of("42"),
                      false,
                      List.of(
                          new Chunk(List.of("42"), new Visible(758, 758, List.of()), 0x16B3800)),
                      List.of(new XidRange(760, 760)),
                      1000,
                      2)),
              Optional.of(new PostgresPosition.Origin(16385, 16390))),
          Map.of("orders", "id"),
          List.of(5L, 0L));

  private static final String JSON =
      """
      {"version":1,"sink":"u1","incarnation":3,"writer":"w","frontier":{"kind":"postgres",\
      "system":"7446","timeline":1,"slot":"slot","end":"0/16B3748",\
      "within":{"final":"1/FF","changes":7},"snapshot":{"exported":{"xmin":755,"xmax":760,\
      "inProgress":[[756,757],759]},"started":true,"again":false,"judged":["41"],"covered":["42"],"complete":false,\
      "pending":[{"upTo":["42"],"snapshot":{"xmin":758,"xmax":758,"inProgress":[]},\
      "until":"0/16B3800"}],"unseen":[760],"rows":1000,"steps":2},"origin":{"table":16385,"publication":16390}},"topics":{"orders":"id"},\
      "resnapshotFrom":[5,0]}\
      """;

  @Test
  void hasThisForm() {
    assertThat(new String(ProgressJson.write(RECORD), StandardCharsets.UTF_8)).isEqualTo(JSON);
    assertThat(read(JSON)).isEqualTo(RECORD);
  }

  @Test
  void everyRecordComesBackAsItWas() {
    Seeds.forAll(
        500,
        random -> {
          ProgressRecord record = record(random);
          assertThat(ProgressJson.read(ProgressJson.write(record))).isEqualTo(record);
        });
  }

  @Test
  void fieldsOfANewerVersionArePassedOver() {
    String newer =
        JSON.replace("\"sink\"", "\"color\":{\"a\":[1]},\"sink\"")
            .replace("\"timeline\"", "\"zone\":9,\"timeline\"");
    assertThat(read(newer)).isEqualTo(RECORD);
  }

  @Test
  void aRecordThatDoesNotKnowItsOriginIsRead() {
    var older =
        (PostgresPosition)
            read(JSON.replace(",\"origin\":{\"table\":16385,\"publication\":16390}", ""))
                .frontier();
    assertThat(older.origin()).isEmpty();
    assertThat(older.on(1, new PostgresPosition.Origin(16385, 16390))).isEqualTo(RECORD.frontier());
  }

  @Test
  void whatIsMissingIsNamed() {
    for (String field :
        List.of(
            "version",
            "sink",
            "incarnation",
            "writer",
            "frontier",
            "topics",
            "system",
            "timeline",
            "slot",
            "end",
            "final",
            "changes",
            "exported",
            "xmax",
            "covered",
            "pending",
            "until",
            "unseen",
            "rows",
            "steps")) {
      Failure failure = failureOf(() -> read(JSON.replaceFirst("\"" + field + "\"", "\"other\"")));
      assertThat(failure.code()).isEqualTo(Code.HISTORY_CHANGED);
      assertThat(failure.message()).contains("." + field + "\" is missing");
    }
  }

  @Test
  void whatIsOfAnotherKindIsNamed() {
    assertThat(failureOf(() -> read(JSON.replace(":3,", ":\"3\","))).message())
        .contains("\"progress.incarnation\" must be a whole number");
    assertThat(failureOf(() -> read(JSON.replace("0/16B3748", "16B3748"))).message())
        .contains("is not an LSN: 16B3748");
    assertThat(failureOf(() -> read(JSON.replace("[756,757]", "[756]"))).message())
        .contains("inProgress");
    assertThat(failureOf(() -> read(JSON.replace("\"version\":1", "\"version\":2"))).message())
        .contains("its version is 2");
    assertThat(failureOf(() -> read("{")).message()).contains("it is not JSON");
    assertThat(failureOf(() -> read("7")).message()).contains("not a JSON object");
  }

  @Test
  void aCutOrChangedRecordNeverFailsInAnotherWay() {
    Seeds.forAll(
        2_000,
        random -> {
          byte[] bytes = ProgressJson.write(record(random));
          for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
          }
          try {
            ProgressJson.read(bytes);
          } catch (FailureException e) {
            assertThat(e.failure().code()).isEqualTo(Code.HISTORY_CHANGED);
          }
        });
  }

  @Test
  void aRecordBeyondTheLimitIsRefused() {
    ProgressRecord big =
        new ProgressRecord(
            "u1", 1, "w".repeat(ProgressRecord.MAX_BYTES), RECORD.frontier(), Map.of(), List.of());
    assertThat(failureOf(() -> ProgressJson.write(big)).code()).isEqualTo(Code.LIMIT);
  }

  @Test
  void lsnsHavePostgresForm() {
    assertThat(Lsn.text(0)).isEqualTo("0/0");
    assertThat(Lsn.text(-1)).isEqualTo("FFFFFFFF/FFFFFFFF");
    Seeds.forAll(
        200,
        random -> {
          long lsn = random.nextLong() >>> random.nextInt(64);
          assertThat(Lsn.parse(Lsn.text(lsn))).isEqualTo(lsn);
        });
  }

  private static ProgressRecord read(String json) {
    return ProgressJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Failure failureOf(ThrowingCallable call) {
    return catchThrowableOfType(FailureException.class, call).failure();
  }

  static ProgressRecord record(Random random) {
    Map<String, String> topics = new HashMap<>();
    Seeds.list(random, 3, r -> Seeds.text(r, 20))
        .forEach(t -> topics.put(t, Seeds.text(random, 9)));
    return new ProgressRecord(
        Seeds.text(random, 5),
        random.nextLong() >>> random.nextInt(64),
        Seeds.text(random, 20),
        new PostgresPosition(
            Seeds.text(random, 20),
            random.nextInt(),
            Seeds.text(random, 20),
            random.nextLong(),
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new PostgresPosition.Within(random.nextLong(), random.nextLong())),
            random.nextBoolean() ? Optional.empty() : Optional.of(snapshot(random)),
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new PostgresPosition.Origin(random.nextLong(), random.nextLong()))),
        topics,
        Seeds.list(random, 4, Random::nextLong));
  }

  private static SnapshotState snapshot(Random random) {
    return new SnapshotState(
        visible(random),
        random.nextBoolean(),
        random.nextBoolean(),
        Seeds.list(random, 3, r -> Seeds.text(r, 20)),
        Seeds.list(random, 3, r -> Seeds.text(r, 20)),
        random.nextBoolean(),
        Seeds.list(
            random,
            4,
            r -> new Chunk(Seeds.list(r, 3, t -> Seeds.text(t, 9)), visible(r), r.nextLong())),
        ranges(random),
        random.nextLong(),
        random.nextLong());
  }

  private static Visible visible(Random random) {
    return new Visible(random.nextLong(), random.nextLong(), ranges(random));
  }

  private static List<XidRange> ranges(Random random) {
    return Seeds.list(
        random,
        5,
        r -> {
          long first = r.nextLong();
          return new XidRange(first, r.nextBoolean() ? first : first + r.nextInt(9));
        });
  }
}
