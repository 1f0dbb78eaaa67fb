package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.command.Command.Name;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogStateTest {
  private static final String INTO =
      " INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT JSON ENVELOPE UPSERT";
  private final World world = World.withShop();

  @Test
  void droppingASinkOwesSlotPublicationAndProgressInTheSameEvent() {
    world.run("CREATE SINK a FROM orders" + INTO);
    Plan plan = world.run("DROP SINK a");
    assertThat(plan.events()).hasSize(1);
    assertThat(world.state.find("a")).isEmpty();
    assertThat(world.state.debts())
        .extracting(Debt::kind)
        .containsExactly(Debt.Kind.SLOT, Debt.Kind.PUBLICATION, Debt.Kind.PROGRESS);
    assertThat(world.state.debts()).extracting(Debt::id).containsExactly("d1", "d2", "d3");
    assertThat(world.state.debts().getFirst().description())
        .isEqualTo("drop replication slot \"akkasinks_0d3c8f805a0f4b6e_s1\"");
  }

  @Test
  void aPublicationOfTheUsersIsNotOwed() {
    world.run(
        "CREATE SOURCE own FROM POSTGRES CONNECTION pg (PUBLICATION 'p') FOR TABLES (o);"
            + "CREATE SINK a FROM own.o"
            + INTO
            + "; DROP SINK a");
    assertThat(world.state.debts())
        .extracting(Debt::kind)
        .containsExactly(Debt.Kind.SLOT, Debt.Kind.PROGRESS);
  }

  @Test
  void cascadeDropsDependentsFirstAndKeepsTheSecretUntilTheDebtsArePaid() {
    world.run("CREATE SINK a FROM orders" + INTO);
    CatalogEvent.Dropped dropped =
        (CatalogEvent.Dropped) world.run("DROP SECRET pw CASCADE").events().getFirst();
    assertThat(dropped.ids()).containsExactly("s1", "r1", "c1", "k1");
    assertThat(world.state.find("pw")).isEmpty();
    assertThat(world.state.secrets()).containsOnlyKeys("k1");
    for (Debt debt : dropped.debts()) {
      world.state = world.state.apply(new CatalogEvent.DebtPaid(debt.id()));
    }
    assertThat(world.state.debts()).isEmpty();
    assertThat(world.state.secrets()).isEmpty();
  }

  @Test
  void idsAreNeverGivenAgain() {
    world.run("CREATE SINK a FROM orders" + INTO + "; DROP SINK a");
    world.run("CREATE SINK a FROM orders" + INTO + "; DROP SINK a");
    assertThat(world.state.nextId(Ids.SINK)).isEqualTo("s3");
    assertThat(world.state.debts()).extracting(Debt::id).doesNotHaveDuplicates().hasSize(6);
  }

  @Test
  void aNewNameReachesTheStatementsOfDependents() {
    world.run("CREATE SINK orders FROM shop.kafka.orders" + INTO);
    world.run(
        "ALTER CONNECTION kafka RENAME TO k; ALTER SOURCE shop RENAME TO \"S\";"
            + " ALTER SECRET pw RENAME TO pw2; ALTER SINK orders RENAME TO o");
    assertThat(world.get("o", Sink.class).createSql())
        .isEqualTo(
            "CREATE SINK o FROM \"S\".kafka.orders INTO KAFKA CONNECTION k (TOPIC = 't') KEY (id)"
                + " FORMAT JSON ENVELOPE UPSERT");
    assertThat(world.get("pg", Definition.Connection.class).createSql())
        .contains("PASSWORD = SECRET pw2");
    assertThat(world.get("S", PostgresSource.class).createSql())
        .isEqualTo("CREATE SOURCE \"S\" FROM POSTGRES CONNECTION pg FOR ALL TABLES");
    assertThat(world.state.resolve("s1").orElseThrow().outsideId())
        .isEqualTo("akkasinks-" + World.INSTALLATION + "-s1");
  }

  @Test
  void pausingIsRememberedAndForgottenWithTheSink() {
    world.run("CREATE SINK a FROM orders" + INTO + "; ALTER SINK a PAUSE");
    assertThat(world.state.paused()).containsExactly("s1");
    assertThat(world.run("ALTER SINK a PAUSE").events()).isEmpty();
    world.run("ALTER SINK a RESUME");
    assertThat(world.state.paused()).isEmpty();
    world.run("ALTER SINK a PAUSE; DROP SINK a");
    assertThat(world.state.paused()).isEmpty();
  }

  @Test
  void anAlteredSecretReachesItsSinks() {
    world.run("CREATE SINK a FROM orders" + INTO + "; ALTER SECRET pw AS 'longer-one'");
    assertThat(world.state.secrets()).containsEntry("k1", new Sealed("key", "k110"));
    assertThat(world.state.sinksUsing("k1")).containsExactly("s1");
  }

  @Test
  void fromFindsARelationOrSaysHowToWriteIt() {
    world.run(
        "CREATE SOURCE two FROM POSTGRES CONNECTION pg FOR TABLES (orders, x.lines AS l);"
            + "CREATE SOURCE three FROM POSTGRES CONNECTION pg FOR SCHEMAS (one, other)");
    Failure ambiguous = world.failure("CREATE SINK a FROM l" + INTO);
    assertThat(ambiguous.message())
        .isEqualTo("source \"three\" has several schemas: which one \"l\" is in must be said");
    world.run("DROP SOURCE three");
    assertThat(world.failure("CREATE SINK a FROM orders" + INTO).hint())
        .isEqualTo("Write shop.orders or two.orders.");
    world.run("CREATE SINK a FROM two.l" + INTO);
    assertThat(world.get("a", Sink.class).schema()).isEqualTo("x");
    assertThat(world.get("a", Sink.class).table()).isEqualTo("lines");
    assertThat(world.failure("CREATE SINK b FROM two.ordres" + INTO).hint())
        .isEqualTo("did you mean \"two.orders\"?");
  }

  @Test
  void inspectionCompletesTheSinkOrSaysWhatIsWrongWithItsKey() {
    world.run("CREATE SINK a FROM orders" + INTO);
    Sink sink = world.get("a", Sink.class);
    Relation orders =
        new Relation(1, "public", "orders", List.of(Column.of("id", Type.Scalar.INT4)));
    assertThat(
            SinkInspection.complete(sink, List.of(new Name("id", 7)), 0, orders, true, List.of())
                .schema())
        .isEqualTo("public");
    assertThatThrownBy(
            () ->
                SinkInspection.complete(
                    sink, List.of(new Name("if", 7)), 0, orders, true, List.of()))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message())
                  .isEqualTo("column referenced in KEY does not exist: if");
              assertThat(e.failure().position()).isEqualTo(7);
            });
    assertThatThrownBy(
            () ->
                SinkInspection.complete(
                    sink,
                    List.of(new Name("id", 7)),
                    0,
                    orders,
                    false,
                    List.of(List.of("a"), List.of("b", "c"))))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message())
                  .isEqualTo("upsert key could not be validated as unique");
              assertThat(e.failure().detail())
                  .endsWith(
                      "The following keys are known to be unique for the underlying relation:\n"
                          + "  (\"a\")\n  (\"b\", \"c\")");
              assertThat(e.failure().hint()).contains("KEY (\"id\") NOT ENFORCED");
            });
  }
}
