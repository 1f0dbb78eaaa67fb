package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.FailureException;
import akkasinks.sql.Printer;
import akkasinks.sql.StatementSamples;
import akkasinks.sql.Statements;
import akkasinks.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutatedPlansTest {
  private static final List<String> CHANGING =
      StatementSamples.ALL.stream()
          .filter(sql -> sql.matches("(?s)(CREATE|DROP|ALTER).*") && !sql.contains("RESNAPSHOT"))
          .toList();

  @Test
  void whateverIsWrittenIsPlannedOrRefusedAndTheStateStaysSound() {
    Seeds.forAll(
        2_000,
        random -> {
          World world = World.withShop();
          for (int n = 0; n < 8; n++) {
            String sql = Seeds.oneOf(random, CHANGING);
            run(world, random.nextInt(3) == 0 ? sql : StatementSamples.mutated(random, sql));
            assertSound(world.state);
          }
        });
  }

  private static void run(World world, String sql) {
    try {
      boolean changing =
          Statements.parse(sql).stream()
              .allMatch(p -> p.text().matches("(?is)(create|drop|alter).*"));
      if (changing && !sql.toUpperCase(java.util.Locale.ROOT).contains("RESNAPSHOT")) {
        world.run(sql + "; DROP SINK IF EXISTS none");
      }
    } catch (FailureException refused) {
      assertThat(refused.failure().message()).isNotBlank();
    }
  }

  private static void assertSound(CatalogState state) {
    assertThat(state.definitions().values()).extracting(Definition::name).doesNotHaveDuplicates();
    for (Definition definition : state.definitions().values()) {
      assertThat(definition.createSql())
          .startsWith("CREATE ")
          .contains(
              definition instanceof Definition.Secret
                  ? definition.name()
                  : Printer.name(definition.name()));
      if (!(definition instanceof Definition.Secret)) {
        assertThat(Statements.parse(definition.createSql())).hasSize(1);
      }
      if (definition instanceof Definition.Sink) {
        assertThat(state.resolve(definition.id())).isPresent();
      }
    }
  }
}
