package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.testing.FaultProxy;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What CREATE refuses, and with which words. */
class SourceChecksTest {
  private static Database database(int version, String... statements) throws Exception {
    var db = RealPostgres.shared(version).createDatabase("checks");
    db.execute(statements);
    return db;
  }

  static Failure refusal(Runnable act) {
    var thrown = catchThrowableOfType(FailureException.class, act::run);
    assertThat(thrown).isNotNull();
    return thrown.failure();
  }

  private static Failure refusal(PostgresSpec spec) {
    return refusal(() -> new PostgresSource(spec).inspect());
  }

  @Test
  void aMissingTableIsNamedWithItsNearest() throws Exception {
    var db = database(18, "CREATE TABLE orders (id int PRIMARY KEY)");
    var failure = refusal(Sample.spec(db, "ordres", "id"));
    assertThat(failure.code()).isEqualTo(Code.UNDEFINED_TABLE);
    assertThat(failure.message()).isEqualTo("table \"public\".\"ordres\" does not exist");
    assertThat(failure.hint()).isEqualTo("Is it \"public\".\"orders\"?");
  }

  @Test
  void viewsUnloggedTablesAndForeignKindsAreRefused() throws Exception {
    var db =
        database(18, "CREATE UNLOGGED TABLE u (id int PRIMARY KEY)", "CREATE VIEW v AS SELECT 1 x");
    assertThat(refusal(Sample.spec(db, "v")).message())
        .isEqualTo("\"public\".\"v\" is a view, not a table");
    var unlogged = refusal(Sample.spec(db, "u", "id"));
    assertThat(unlogged.message())
        .isEqualTo("table \"public\".\"u\" is unlogged: it writes no WAL");
    assertThat(unlogged.hint()).isEqualTo("ALTER TABLE \"public\".\"u\" SET LOGGED;");
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void replicaIdentityIsDemandedWithTheStatementThatRepairsIt(int version) throws Exception {
    var db =
        database(
            version,
            "CREATE TABLE toasted (id int PRIMARY KEY, body text)",
            "CREATE TABLE short (id int PRIMARY KEY, code varchar(5), price numeric(10,2), n int)",
            "CREATE TABLE bare (id int NOT NULL, n int)",
            "CREATE TABLE other (id int PRIMARY KEY, k int NOT NULL UNIQUE)");
    var toasted = refusal(Sample.spec(db, "toasted", "id"));
    assertThat(toasted.code()).isEqualTo(Code.PREREQUISITE);
    assertThat(toasted.message())
        .isEqualTo(
            "table \"public\".\"toasted\" needs REPLICA IDENTITY FULL: an update that leaves a"
                + " large value of column \"body\" unchanged would not send it");
    assertThat(toasted.hint())
        .isEqualTo("ALTER TABLE \"public\".\"toasted\" REPLICA IDENTITY FULL;");
    db.execute(toasted.hint());
    new PostgresSource(Sample.spec(db, "toasted", "id")).inspect();
    new PostgresSource(Sample.spec(db, "short", "id")).inspect();
    assertThat(refusal(Sample.spec(db, "bare")).message()).contains("no replica identity");
    assertThat(refusal(Sample.spec(db, "other", "k")).message())
        .contains("column \"k\" of KEY is not in its replica identity");
    var debezium = Sample.with(Sample.spec(db, "short", "id"), true, OnTruncate.STALL);
    assertThat(refusal(debezium).message()).contains("the whole row before each change");
  }

  @Test
  void onlySoundUniqueIndexesOverNotNullColumnsMakeAKeyUnique() throws Exception {
    var db =
        database(
            18,
            "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, d int NOT NULL,"
                + " e int NOT NULL UNIQUE DEFERRABLE, PRIMARY KEY (a, b), UNIQUE (c))",
            "CREATE UNIQUE INDEX ON t (d) WHERE d > 0",
            "CREATE UNIQUE INDEX ON t ((d + 1))",
            "ALTER TABLE t REPLICA IDENTITY FULL");
    assertThat(new PostgresSource(Sample.spec(db, "t", "a")).inspect().keyIsUnique()).isFalse();
    for (var key : new String[] {"c", "d", "e"}) {
      assertThat(new PostgresSource(Sample.spec(db, "t", key)).inspect().keyIsUnique()).isFalse();
    }
    var inspection = new PostgresSource(Sample.spec(db, "t", "b", "c", "a")).inspect();
    assertThat(inspection.keyIsUnique()).isTrue();
    assertThat(inspection.uniqueKeys()).containsExactly(java.util.List.of("a", "b"));
  }

  @ParameterizedTest
  @MethodSource("akkasinks.testing.RealPostgres#versions")
  void aNamedPublicationMustExistAndCarryTheTableAndItsChanges(int version) throws Exception {
    var db =
        database(
            version,
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
            "CREATE PUBLICATION empty",
            "CREATE PUBLICATION inserts FOR TABLE t WITH (publish = 'insert, delete')",
            "CREATE PUBLICATION leaves FOR TABLE p");
    var spec = Sample.spec(db, "t", "id");
    var missing = refusal(Sample.through(spec, "nix"));
    assertThat(missing.message()).isEqualTo("publication \"nix\" does not exist");
    assertThat(missing.hint()).isEqualTo("CREATE PUBLICATION \"nix\" FOR TABLE \"public\".\"t\";");
    var lacking = refusal(Sample.through(spec, "empty"));
    assertThat(lacking.message())
        .isEqualTo("publication \"empty\" does not contain table \"public\".\"t\"");
    assertThat(lacking.hint()).isEqualTo("ALTER PUBLICATION \"empty\" ADD TABLE \"public\".\"t\";");
    assertThat(refusal(Sample.through(spec, "inserts")).message())
        .isEqualTo("publication \"inserts\" does not publish update");
    var leaves = refusal(Sample.through(Sample.spec(db, "p", "id"), "leaves"));
    assertThat(leaves.hint())
        .isEqualTo("ALTER PUBLICATION \"leaves\" SET (publish_via_partition_root = true);");
    db.execute(leaves.hint());
    new PostgresSource(Sample.through(Sample.spec(db, "p", "id"), "leaves")).inspect();
  }

  @Test
  void aKeyColumnOutsideThePublicationIsRefused() throws Exception {
    var db =
        database(
            18,
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
            "CREATE PUBLICATION p FOR TABLE t (id, a)");
    var failure = refusal(Sample.through(Sample.spec(db, "t", "id", "b"), "p"));
    assertThat(failure.code()).isEqualTo(Code.UNDEFINED_COLUMN);
    assertThat(failure.detail()).isEqualTo("Published columns: id, a");
  }

  @Test
  void rolesWithoutRightsAreToldTheGrant() throws Exception {
    var db =
        database(
            18,
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE ROLE weak LOGIN PASSWORD 'hidden-word'",
            "CREATE ROLE reader LOGIN REPLICATION");
    var plain = refusal(as(db, "weak", "t"));
    assertThat(plain.code()).isEqualTo(Code.PRIVILEGE);
    assertThat(plain.message()).isEqualTo("role \"weak\" lacks the REPLICATION attribute");
    assertThat(plain.hint()).isEqualTo("ALTER ROLE \"weak\" REPLICATION;");
    var unread = refusal(as(db, "reader", "t"));
    assertThat(unread.message()).isEqualTo("role \"reader\" may not read table \"public\".\"t\"");
    db.execute(
        unread.hint(),
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY p ON t USING (id > 5)");
    assertThat(refusal(as(db, "reader", "t")).hint()).isEqualTo("ALTER ROLE \"reader\" BYPASSRLS;");
    db.execute("DROP OWNED BY reader", "DROP ROLE weak", "DROP ROLE reader");
  }

  private static PostgresSpec as(Database db, String user, String table) {
    var known = Sample.spec(db, table, "id");
    return new PostgresSpec(
        PostgresSettings.of(db.host(), db.port(), user, () -> "hidden-word", db.name(), "disable"),
        known.slot(),
        known.publication(),
        known.schema(),
        known.table(),
        known.key(),
        known.keyEnforced(),
        known.needsBefore(),
        known.snapshot(),
        known.onTruncate(),
        known.retention(),
        known.chunkRows(),
        known.chunkBytes(),
        known.clock());
  }

  @Test
  void anUnreachableServerIsNamedWithHowLongItWasTried() throws Exception {
    var db = database(18, "CREATE TABLE t (id int PRIMARY KEY)");
    try (var proxy = FaultProxy.to(db.port())) {
      proxy.down();
      var failure = refusal(Sample.spec(db.at(proxy.port()), "t", "id"));
      assertThat(failure.code()).isEqualTo(Code.UNREACHABLE);
      assertThat(failure.message())
          .startsWith("PostgreSQL at 127.0.0.1:" + proxy.port() + " is not reachable (tried for ");
      assertThat(failure.message()).doesNotContain(db.password());
    }
    var gone = new Database(db.host(), db.port(), db.user(), db.password(), "nowhere");
    assertThat(refusal(Sample.spec(gone, "t", "id")).message())
        .isEqualTo("PostgreSQL at 127.0.0.1:" + db.port() + " has no database \"nowhere\"");
  }

  @Test
  void aServerThatCannotReplicateSaysWhichSettingToChange() throws Exception {
    try (var postgres = RealPostgres.start(18, Map.of("wal_level", "replica"))) {
      var db = postgres.createDatabase("flat");
      db.execute("CREATE TABLE t (id int PRIMARY KEY)");
      var failure = refusal(Sample.spec(db, "t", "id"));
      assertThat(failure.code()).isEqualTo(Code.PREREQUISITE);
      assertThat(failure.message()).isEqualTo("wal_level is \"replica\"");
      assertThat(failure.hint())
          .isEqualTo("ALTER SYSTEM SET wal_level = logical; then restart the server.");
    }
    try (var postgres = RealPostgres.start(18, Map.of("max_replication_slots", "1"))) {
      var db = postgres.createDatabase("full");
      db.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "SELECT pg_create_physical_replication_slot('taken')");
      var failure = refusal(Sample.spec(db, "t", "id"));
      assertThat(failure.message()).isEqualTo("all 1 replication slots are in use");
      assertThat(failure.hint())
          .isEqualTo("ALTER SYSTEM SET max_replication_slots = 2; then restart the server.");
    }
  }
}
