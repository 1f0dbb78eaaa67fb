package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Programs;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.SecuredKafka;
import akkasinks.testing.SecuredKafka.Listener;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SHOW RIGHTS: what it prints is what the pages list, and it is enough. */
final class ShowRightsTest {
  private static final int ROWS = 10;

  @TempDir Path dir;

  private static List<String> commands(RealNode node, String sink, String system, boolean always) {
    return node.rows("SHOW RIGHTS FOR SINK " + sink).stream()
        .filter(row -> system.equals(row.get("system")))
        .filter(row -> always == "always".equals(row.get("needed")))
        .map(row -> row.getOrDefault("command", ""))
        .toList();
  }

  @Test
  void theAclsThatAreShownAreThoseThePageListsAndWithThemASinkRuns() throws Exception {
    var database = RealPostgres.shared().createDatabase("rights");
    database.execute(
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, %d)".formatted(ROWS));
    try (var kafka = SecuredKafka.start(dir, true, Map.of());
        var admin = kafka.plain().admin();
        var node = RealNode.start(dir, RealNode.RETRIES_SOON)) {
      grant(admin, everything());
      node.connect(database);
      node.sql(
          """
          CREATE SECRET word AS '%s';
          CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
          CREATE CONNECTION k TO KAFKA (BROKER '%s', SECURITY PROTOCOL 'SASL_PLAINTEXT',
            SASL MECHANISMS 'PLAIN', SASL USERNAME 'sink', SASL PASSWORD SECRET word,
            PROGRESS TOPIC 'progress-topic');
          CREATE SINK s FROM shop.orders INTO KAFKA CONNECTION k (TOPIC 'data-topic',
            DEAD LETTER TOPIC 'dead-letter-topic') KEY (id) FORMAT JSON ENVELOPE UPSERT\
          """
              .formatted(SecuredKafka.PLAIN_PASSWORD, kafka.bootstrap(Listener.LOGIN)));
      kafka.plain().reader().awaitCommitted("data-topic", ROWS);

      String id =
          node.rows("DESCRIBE SINK s").stream()
              .filter(row -> "transactional id".equals(row.get("property")))
              .map(row -> row.getOrDefault("value", ""))
              .findFirst()
              .orElseThrow();
      var shown = bindings(commands(node, "s", "KAFKA", true));
      assertThat(shown).containsExactlyInAnyOrderElementsOf(listed("A sink", id));
      assertThat(bindings(commands(node, "s", "KAFKA", false)))
          .containsExactlyInAnyOrderElementsOf(listed("A sink that makes its topics", id));

      assertThat(script(node, "kafka", "s", "--principal", "User:CN=a&b|c"))
          .isEqualTo(
              commands(node, "s", "KAFKA", true).stream()
                  .map(command -> command.replace("User:NAME", "User:CN=a&b|c"))
                  .toList());
      assertThat(script(node, "kafka", "s", "--make-topics"))
          .containsAll(commands(node, "s", "KAFKA", false));
      assertThat(script(node, "postgres", "s", "--make-publication"))
          .containsAll(commands(node, "s", "POSTGRES", true))
          .containsAll(commands(node, "s", "POSTGRES", false));

      grant(admin, shown);
      admin.deleteAcls(everything().stream().map(AclBinding::toFilter).toList()).all().get();
      Await.until("only these are left", () -> all(admin).equals(Set.copyOf(shown)));
      node.sql("ALTER SINK s PAUSE");
      Await.until("it rests", () -> node.state("s"), "paused"::equals);
      database.execute("INSERT INTO orders VALUES (0)");
      node.sql("ALTER SINK s RESUME");
      kafka.plain().reader().awaitCommitted("data-topic", ROWS + 1);
    }
  }

  /** What deploy/acls.sh prints. */
  private static List<String> script(RealNode node, String... words) {
    List<String> command = new ArrayList<>(List.of("deploy/acls.sh"));
    command.addAll(List.of(words));
    command.addAll(List.of("--url", node.url()));
    var builder = new ProcessBuilder(command);
    builder.environment().put("AKKASINKS_BUILT", "yes");
    builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
    var ran = Programs.run(builder);
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.out().lines().toList();
  }

  private static void grant(Admin admin, List<AclBinding> bindings) throws Exception {
    admin.createAcls(bindings).all().get();
    Await.until("granted", () -> all(admin).containsAll(bindings));
  }

  private static Set<AclBinding> all(Admin admin) throws Exception {
    return Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get());
  }

  private static List<AclBinding> everything() {
    return Stream.of(ResourceType.TOPIC, ResourceType.TRANSACTIONAL_ID)
        .map(type -> binding(AclOperation.ALL, type, ResourcePattern.WILDCARD_RESOURCE))
        .toList();
  }

  private static AclBinding binding(AclOperation operation, ResourceType type, String name) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry("User:sink", "*", operation, AclPermissionType.ALLOW));
  }

  private static List<AclBinding> listed(String heading, String transactionalId) {
    return ListedRight.below(heading).stream()
        .map(
            right ->
                binding(
                    right.operation(),
                    right.resource(),
                    right.resource() == ResourceType.TRANSACTIONAL_ID
                        ? transactionalId
                        : right.thing().replace(' ', '-')))
        .toList();
  }

  /** As kafka-acls.sh understands them. */
  private static List<AclBinding> bindings(List<String> commands) {
    List<AclBinding> all = new ArrayList<>();
    for (String command : commands) {
      String[] words = command.split(" ");
      assertThat(words).startsWith("kafka-acls.sh", "--bootstrap-server");
      assertThat(command).contains(" --add --allow-principal User:NAME ");
      List<AclOperation> operations = new ArrayList<>();
      for (int i = 0; i < words.length; i++) {
        switch (words[i]) {
          case "--operation" ->
              operations.add(AclOperation.fromString(words[i + 1].toUpperCase(Locale.ROOT)));
          case "--topic", "--transactional-id" -> {
            var type =
                words[i].equals("--topic") ? ResourceType.TOPIC : ResourceType.TRANSACTIONAL_ID;
            for (var operation : operations) {
              all.add(binding(operation, type, words[i + 1]));
            }
          }
          default -> {}
        }
      }
    }
    return all;
  }

  @Test
  void aRoleWithTheGrantsThatAreShownAndNoOthersMakesTheSinkAndRunsIt() throws Exception {
    for (String publication : List.of(" (PUBLICATION 'ours')", "")) {
      grants(publication);
    }
  }

  private void grants(String publication) throws SQLException {
    String role = "reader" + (publication.isEmpty() ? "_and_owner" : "");
    var database = RealPostgres.shared().createDatabase(role);
    database.execute(
        "CREATE ROLE %s LOGIN SUPERUSER PASSWORD 'word'".formatted(role),
        "CREATE SCHEMA sales",
        "CREATE TABLE sales.\"Orders\" (id int PRIMARY KEY)",
        "INSERT INTO sales.\"Orders\" SELECT generate_series(1, %d)".formatted(ROWS),
        "CREATE PUBLICATION ours FOR TABLE sales.\"Orders\"");
    try (var node = RealNode.start(dir.resolve(role), RealNode.RETRIES_SOON)) {
      node.connect(
          new RealPostgres.Database(
              database.host(), database.port(), role, "word", database.name()));
      node.connect(RealKafka.shared());
      node.sql(
          "CREATE SOURCE shop FROM POSTGRES CONNECTION pg%s FOR TABLES (sales.\"Orders\")"
              .formatted(publication));
      String create =
          """
          CREATE SINK s FROM shop."Orders" INTO KAFKA CONNECTION kafka (TOPIC '%s') KEY (id)
            FORMAT JSON ENVELOPE UPSERT\
          """;
      node.sql(create.formatted(role + "-with-all"));
      RealKafka.shared().reader().awaitCommitted(role + "-with-all", ROWS);
      List<String> statements = new ArrayList<>(commands(node, "s", "POSTGRES", true));
      statements.addAll(commands(node, "s", "POSTGRES", false));
      node.sql("DROP SINK s");
      Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());

      database.execute(
          "ALTER ROLE %s NOSUPERUSER NOREPLICATION".formatted(role),
          "REVOKE ALL ON DATABASE %s FROM public".formatted(database.name()),
          "REVOKE ALL ON SCHEMA public FROM public");
      node.refused(create.formatted(role + "-with-these"));
      database.execute(statements.toArray(String[]::new));
      node.sql(create.formatted(role + "-with-these"));
      database.execute("INSERT INTO sales.\"Orders\" VALUES (0)");
      RealKafka.shared().reader().awaitCommitted(role + "-with-these", ROWS + 1);
      node.sql("DROP SINK s");
      Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());
    }
  }
}
