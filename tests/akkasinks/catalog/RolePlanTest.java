package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import org.junit.jupiter.api.Test;

class RolePlanTest {
  private final World world = World.withShop();

  @Test
  void aRoleOfTheSameNameMadeLaterIsAnother() {
    world.run("CREATE ROLE ann");
    String first = world.state.access().named("ann").orElseThrow().id();
    world.run("DROP ROLE ann; CREATE ROLE ann");

    assertThat(world.state.access().named("ann").orElseThrow().id()).isNotEqualTo(first);
  }

  @Test
  void whatIsGoneTakesItsGrantsAndItsOwnerWithIt() {
    world.run("CREATE ROLE ann; CREATE SECRET mine AS 'x'; ALTER SECRET mine OWNER TO ann");
    world.run("GRANT USAGE ON SECRET mine TO public; DROP SECRET mine; DROP ROLE ann");

    assertThat(world.state.access()).isEqualTo(Access.NONE);
  }

  @Test
  void aGrantIsHeldOnceAndTakenBackOnce() {
    world.run("CREATE ROLE ann; GRANT CREATE ON SCHEMA public TO ann, ann, public");
    world.run("GRANT CREATE ON SCHEMA public TO ann");
    assertThat(world.state.access().grants()).hasSize(2);

    world.run("REVOKE CREATE ON SCHEMA public FROM ann; REVOKE CREATE ON SCHEMA public FROM ann");
    assertThat(world.state.access().grants()).hasSize(1);
  }

  @Test
  void namesThatCannotBeMeantAreRefused() {
    refused("CREATE ROLE akkasinks", Code.DUPLICATE_OBJECT, 13);
    refused("CREATE ROLE public", Code.RESERVED_NAME, 13);
    refused("ALTER ROLE akkasinks NOLOGIN", Code.PREREQUISITE, 12);
    refused("DROP ROLE akkasinks", Code.PREREQUISITE, 11);
    refused("DROP ROLE nobody", Code.UNDEFINED_OBJECT, 11);
    refused("GRANT CREATE ON SCHEMA private TO public", Code.UNDEFINED_OBJECT, 24);
    refused("ALTER SINK nothing OWNER TO akkasinks", Code.UNDEFINED_OBJECT, 12);
  }

  private void refused(String sql, Code code, int position) {
    Failure failure = world.failure(sql);
    assertThat(failure.code()).as(sql).isEqualTo(code);
    assertThat(failure.position()).as(sql).isEqualTo(position);
  }
}
