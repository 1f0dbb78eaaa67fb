package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.SecuredKafka;
import akkasinks.testing.SecuredKafka.Listener;
import akkasinks.testing.TopicReader;
import akkasinks.testing.TopicWriter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sinks and sources on a broker with an authorizer, with exactly the rights that docs/acls.md
 * lists: its tables are read here.
 */
final class KafkaAclsTest {
  private static final String SINK = "A sink";
  private static final String MAKES = "A sink that makes its topics";
  private static final String SOURCE = "A source that is a topic";
  private static final int ROWS = 10;

  @TempDir static Path dir;
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static SecuredKafka kafka;
  private static RealPostgres.Database database;
  private static RealNode node;
  private static Admin admin;

  @BeforeAll
  static void start() throws SQLException {
    kafka = SecuredKafka.start(dir, true, Map.of());
    admin = kafka.plain().admin();
    database = RealPostgres.shared().createDatabase("acls");
    node = RealNode.start(dir, RealNode.RETRIES_SOON);
    node.connect(database);
    node.sql("CREATE SECRET word AS '" + SecuredKafka.PLAIN_PASSWORD + "'");
    node.sql("CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES");
  }

  @AfterAll
  static void stop() {
    node.close();
    admin.close();
    kafka.close();
  }

  /** A sink with topics and rights of its own. */
  private record Case(String name) {
    static Case next(String what) {
      var made = new Case(what + COUNT.incrementAndGet());
      try {
        database.execute(
            "CREATE TABLE %s (id int PRIMARY KEY, total int NOT NULL)".formatted(made.name),
            "INSERT INTO %s SELECT i, i FROM generate_series(1, %d) i".formatted(made.name, ROWS));
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
      return made;
    }

    String thing(String thing) {
      return name + "-" + thing.replace(' ', '-');
    }

    Case withTopics() {
      kafka.plain().createTopic(thing("data topic"), 2, Map.of());
      kafka.plain().createTopic(thing("dead letter topic"), 1, Map.of());
      kafka.plain().createTopic(thing("progress topic"), 1, Map.of("cleanup.policy", "compact"));
      return this;
    }

    Case connected() {
      node.sql(
          """
          CREATE CONNECTION %s TO KAFKA (BROKER '%s', SECURITY PROTOCOL 'SASL_PLAINTEXT',
            SASL MECHANISMS 'PLAIN', SASL USERNAME 'sink', SASL PASSWORD SECRET word,
            PROGRESS TOPIC '%s')\
          """
              .formatted(name, kafka.bootstrap(Listener.LOGIN), thing("progress topic")));
      return this;
    }

    String create() {
      return """
      CREATE SINK %s_sink FROM shop.%s INTO KAFKA CONNECTION %s (TOPIC '%s',
        DEAD LETTER TOPIC '%s', TRANSACTIONAL ID PREFIX '%s')
        KEY (id) FORMAT JSON ENVELOPE UPSERT\
      """
          .formatted(
              name,
              name,
              name,
              thing("data topic"),
              thing("dead letter topic"),
              thing("transactional id"));
    }

    AclBinding binding(ListedRight right) {
      return new AclBinding(
          new ResourcePattern(
              right.resource(),
              thing(right.thing()),
              // What follows the prefix is known only when the sink is there.
              right.resource() == ResourceType.TRANSACTIONAL_ID
                  ? PatternType.PREFIXED
                  : PatternType.LITERAL),
          new AccessControlEntry("User:sink", "*", right.operation(), AclPermissionType.ALLOW));
    }

    void grant(ListedRight... rights) {
      grant(Arrays.asList(rights));
    }

    void grant(List<ListedRight> rights) {
      List<AclBinding> bindings = rights.stream().map(this::binding).toList();
      admin.createAcls(bindings).all().toCompletionStage().toCompletableFuture().join();
      bindings.forEach(binding -> Await.until("granted", () -> isThere(binding)));
    }

    void revoke(ListedRight right) {
      AclBinding binding = binding(right);
      admin
          .deleteAcls(List.of(binding.toFilter()))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      Await.until("revoked", () -> !isThere(binding));
    }

    private static boolean isThere(AclBinding binding) throws Exception {
      AclBindingFilter filter = binding.toFilter();
      return !admin.describeAcls(filter).values().get().isEmpty();
    }

    /** As the error names it. */
    String named(ListedRight right) {
      String on = right.resource() == ResourceType.TRANSACTIONAL_ID ? "transactional id" : "topic";
      return right.operation() + " on " + on + " \"" + thing(right.thing());
    }

    String option(ListedRight right) {
      String on =
          right.resource() == ResourceType.TRANSACTIONAL_ID ? "--transactional-id" : "--topic";
      String operation = right.operation().name();
      return "--operation "
          + operation.charAt(0)
          + operation.substring(1).toLowerCase(Locale.ROOT)
          + " "
          + on
          + " "
          + thing(right.thing());
    }

    void assertRuns() {
      Await.until(name + " runs", () -> node.state(name + "_sink"), Predicate.isEqual("running"));
      List<TopicReader.Entry> committed =
          kafka.plain().reader().awaitCommitted(thing("data topic"), ROWS);
      assertThat(committed).as(name).hasSize(ROWS);
    }

    /** That it stalls and says so, with the command that grants it. */
    void assertStalls(ListedRight missing) {
      String told =
          Await.until(
              name + " stalls for " + named(missing),
              () -> node.rows("DESCRIBE SINK " + name + "_sink").toString(),
              text -> text.contains(named(missing)));
      assertThat(told).contains("kafka-acls.sh", "--add", option(missing));
      assertThat(node.state(name + "_sink")).isEqualTo("stalled");
    }

    void assertRefused(String statement, ListedRight missing) {
      JsonNode error = node.refused(statement);
      assertThat(error.path("message").asText()).contains(named(missing));
      assertThat(error.path("hint").asText()).contains("kafka-acls.sh", "--add", option(missing));
    }

    void pause() {
      node.sql("ALTER SINK %s_sink PAUSE".formatted(name));
      Await.until("it rests", () -> node.state(name + "_sink"), "paused"::equals);
    }

    void resume() {
      node.sql("ALTER SINK %s_sink RESUME".formatted(name));
    }

    void insert(int id) throws SQLException {
      database.execute("INSERT INTO %s VALUES (%d, 0)".formatted(name, id));
    }
  }

  @Test
  void aSinkRunsAndStartsAgainWithExactlyTheRightsThatAreListed() throws Exception {
    Case sink = Case.next("exact").withTopics();
    sink.grant(ListedRight.below(SINK));
    sink.connected();
    node.sql(sink.create());
    sink.assertRuns();
    sink.pause();
    sink.insert(11);
    sink.resume();
    kafka.plain().reader().awaitCommitted(sink.thing("data topic"), ROWS + 1);

    // What reads the topic back says what it needs besides.
    ListedRight read = ListedRight.topic(AclOperation.READ, "data topic");
    String verify = "VERIFY SINK %s_sink".formatted(sink.name());
    sink.assertRefused(verify, read);
    sink.grant(read);
    assertThat(node.sql(verify).toString()).contains("[\"result\",\"equal\"]");
  }

  @Test
  void aSinkMakesItsTopicsWithTheRightsThatAreListedForThat() throws Exception {
    Case sink = Case.next("making");
    sink.grant(
        Stream.of(SINK, MAKES).flatMap(heading -> ListedRight.below(heading).stream()).toList());
    sink.connected();
    node.sql(sink.create());
    sink.assertRuns();
    assertThat(admin.listTopics().names().get())
        .contains(
            sink.thing("data topic"),
            sink.thing("dead letter topic"),
            sink.thing("progress topic"));
  }

  @Test
  void eachRightThatIsMissingIsNamedAtCreateAndGrantedTheSinkRuns() throws Exception {
    for (ListedRight missing : ListedRight.below(SINK)) {
      Case sink = Case.next("lacking").withTopics();
      sink.grant(ListedRight.below(SINK).stream().filter(right -> !right.equals(missing)).toList());
      sink.connected();
      sink.assertRefused(sink.create(), missing);
      sink.grant(missing);
      node.sql(sink.create());
      sink.assertRuns();
    }
    for (ListedRight missing : ListedRight.below(MAKES)) {
      Case sink = Case.next("unmade");
      sink.grant(
          Stream.of(SINK, MAKES)
              .flatMap(heading -> ListedRight.below(heading).stream())
              .filter(right -> !right.equals(missing))
              .toList());
      sink.connected();
      sink.assertRefused(sink.create(), missing);
      sink.grant(missing);
      node.sql(sink.create());
      sink.assertRuns();
    }
  }

  @Test
  void allThatIsMissingIsSaidAtOnceAndAConnectionNeedsNothing() throws Exception {
    Case sink = Case.next("nothing").withTopics();
    sink.connected();
    String message = node.refused(sink.create()).path("message").asText();
    for (ListedRight right : ListedRight.below(SINK)) {
      assertThat(message).contains(sink.named(right));
    }
  }

  @Test
  void aRunningSinkThatLosesARightStallsWithItsNameAndGoesOnOnceItHasItAgain() throws Exception {
    Case sink = Case.next("losing").withTopics();
    sink.grant(ListedRight.below(SINK));
    sink.connected();
    node.sql(sink.create());
    sink.assertRuns();
    int rows = ROWS;
    for (ListedRight lost :
        List.of(
            ListedRight.topic(AclOperation.WRITE, "data topic"),
            ListedRight.topic(AclOperation.WRITE, "progress topic"),
            new ListedRight(
                AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "transactional id"))) {
      sink.revoke(lost);
      sink.insert(++rows);
      sink.assertStalls(lost);
      sink.grant(lost);
      kafka.plain().reader().awaitCommitted(sink.thing("data topic"), rows);
    }
    assertThat(kafka.plain().reader().committed(sink.thing("data topic"))).hasSize(rows);
  }

  /** Such a right cannot be asked for before the sink is there. */
  @Test
  void whatShowsOnlyWhenTheSinkStartsStallsIt() throws Exception {
    ListedRight write =
        new ListedRight(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "transactional id");
    Case sink = Case.next("starting").withTopics();
    sink.grant(ListedRight.below(SINK).stream().filter(right -> !right.equals(write)).toList());
    sink.grant(new ListedRight(AclOperation.DESCRIBE, write.resource(), write.thing()));
    sink.connected();
    node.sql(sink.create());
    sink.assertStalls(write);
    sink.grant(write);
    sink.assertRuns();
  }

  @Test
  void withoutReadASinkStartsOnlyWhereNoTransactionIsOpen() throws Exception {
    Case sink = Case.next("shared").withTopics();
    sink.grant(ListedRight.below(SINK));
    sink.connected();
    node.sql(sink.create());
    sink.assertRuns();
    sink.pause();
    try (var stranger = new TopicWriter(kafka.plain().bootstrap(), sink.thing("data topic"))) {
      stranger.begin().send(0, "{\"id\":0}", "{}").flush();
      sink.resume();
      sink.assertStalls(ListedRight.topic(AclOperation.READ, "data topic"));
      stranger.commit();
    }
    Await.until("it runs", () -> node.state(sink.name() + "_sink"), "running"::equals);
  }

  @Test
  void aSourceNeedsReadOnItsTopicAndNothingElse() throws Exception {
    Case source = Case.next("source").withTopics();
    kafka.plain().createTopic(source.thing("source topic"), 1, Map.of());
    source.grant(ListedRight.below(SINK));
    source.connected();
    String create =
        "CREATE SOURCE %s_source FROM KAFKA CONNECTION %s (TOPIC '%s') FORMAT TEXT ENVELOPE NONE"
            .formatted(source.name(), source.name(), source.thing("source topic"));
    ListedRight read = ListedRight.below(SOURCE).getFirst();
    assertThat(ListedRight.below(SOURCE)).hasSize(1);
    source.assertRefused(create, read);
    source.grant(read);
    node.sql(create);
    node.sql(
        """
        CREATE SINK %s_sink FROM %s_source INTO KAFKA CONNECTION %s (TOPIC '%s',
          TRANSACTIONAL ID PREFIX '%s') FORMAT TEXT ENVELOPE APPEND\
        """
            .formatted(
                source.name(),
                source.name(),
                source.name(),
                source.thing("data topic"),
                source.thing("transactional id")));
    try (var writer = new TopicWriter(kafka.plain().bootstrap(), source.thing("source topic"))) {
      writer.begin().send(null, "one").commit();
      kafka.plain().reader().awaitCommitted(source.thing("data topic"), 1);
      source.revoke(read);
      writer.begin().send(null, "two").commit();
      source.assertStalls(read);
      source.grant(read);
    }
    assertThat(kafka.plain().reader().awaitCommitted(source.thing("data topic"), 2))
        .extracting(TopicReader.Entry::value)
        .containsExactly("one", "two");
  }
}
