package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.RealPostgres;
import akkasinks.testing.Seeds;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The order of keys is the server's, wherever it is computed. */
class KeyOrderTest {

  private record Keyed(String type, boolean local, Function<Random, String> literal) {}

  private static final List<Keyed> TYPES =
      List.of(
          new Keyed("smallint", true, r -> "" + (short) r.nextInt()),
          new Keyed("integer", true, r -> "" + r.nextInt()),
          new Keyed("bigint", true, r -> "" + (r.nextLong() >> r.nextInt(64))),
          new Keyed("oid", true, r -> "" + Integer.toUnsignedString(r.nextInt())),
          new Keyed("boolean", true, r -> "" + r.nextBoolean()),
          new Keyed("numeric", true, KeyOrderTest::numeric),
          new Keyed("uuid", true, r -> new java.util.UUID(r.nextLong(), r.nextLong()).toString()),
          new Keyed("bytea", true, r -> "\\x" + hex(r)),
          new Keyed("date", true, KeyOrderTest::date),
          new Keyed("timestamp", true, r -> stamp(r, "")),
          new Keyed("timestamptz", true, r -> stamp(r, "+0" + r.nextInt(9) + ":30")),
          new Keyed("text COLLATE \"C\"", true, r -> word(r)),
          new Keyed("varchar(20) COLLATE \"POSIX\"", true, r -> word(r)),
          new Keyed("text COLLATE \"de-x-icu\"", false, r -> word(r)),
          new Keyed("text COLLATE \"und-x-icu\"", false, r -> word(r)),
          new Keyed("char(6) COLLATE \"C\"", false, r -> "" + (char) ('a' + r.nextInt(26))),
          new Keyed("float8", false, r -> r.nextInt(5) == 0 ? "NaN" : "" + r.nextGaussian()),
          new Keyed("inet", false, r -> r.nextInt(256) + ".1.2." + r.nextInt(256)));

  @Test
  void aKeyFindsItsPlaceAsTheServerWouldSay() throws Exception {
    var db = RealPostgres.shared().createDatabase("order");
    var sessions = new Sessions(Sample.settings(db));
    db.execute("CREATE TYPE mood AS ENUM ('z', 'm', 'a')");
    var types = new ArrayList<>(TYPES);
    types.add(new Keyed("mood", false, r -> Seeds.oneOf(r, "a", "m", "z")));
    var number = new AtomicInteger();
    try (var connection = sessions.plain("test")) {
      Seeds.forAll(
          types.size(),
          random -> {
            int i = number.getAndIncrement() % types.size();
            checkPair(
                db, sessions, connection, random, types.get(i), types.get((i + 5) % types.size()));
          });
    }
  }

  private static void checkPair(
      RealPostgres.Database db,
      Sessions sessions,
      Connection connection,
      Random random,
      Keyed first,
      Keyed second)
      throws Exception {
    var rows = new ArrayList<String>();
    for (int n = 0; n < 60; n++) {
      var a = Sql.string(first.literal().apply(random));
      for (int twice = 0; twice < 2; twice++) {
        rows.add("(%s, %s)".formatted(a, Sql.string(second.literal().apply(random))));
      }
    }
    db.execute(
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (a %s NOT NULL, b %s NOT NULL)".formatted(first.type(), second.type()),
        "INSERT INTO t VALUES " + String.join(", ", rows));
    long oid = Long.parseLong(db.value("SELECT 't'::regclass::oid"));
    try (var order = KeyOrders.of(connection, sessions, oid, List.of("a", "b"))) {
      assertThat(order instanceof LocalOrder)
          .as(first.type() + ", " + second.type())
          .isEqualTo(first.local() && second.local());
      check(connection, order, first.type() + ", " + second.type());
    }
  }

  private static void check(Connection connection, KeyOrder order, String types) throws Exception {
    var keys = new ArrayList<List<String>>();
    var ranks = new ArrayList<Integer>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT a::text, b::text, rank() OVER (ORDER BY a, b) FROM public.t ORDER BY a,"
                    + " b")) {
      while (rows.next()) {
        keys.add(List.of(rows.getString(1), rows.getString(2)));
        ranks.add(rows.getInt(3));
      }
    }
    var limits = new ArrayList<List<String>>();
    var limitRanks = new ArrayList<Integer>();
    for (int i = 7; i < keys.size(); i += 9) {
      if (limitRanks.isEmpty() || limitRanks.getLast() < ranks.get(i)) {
        limits.add(keys.get(i));
        limitRanks.add(ranks.get(i));
      }
    }
    var bounds = order.bounds(limits);
    bounds.foresee(keys.subList(0, 10));
    for (int i = 0; i < keys.size(); i++) {
      int rank = ranks.get(i);
      assertThat(bounds.place(keys.get(i)))
          .as(types + " " + keys.get(i))
          .isEqualTo((int) limitRanks.stream().filter(limit -> limit < rank).count());
    }
  }

  private static String numeric(Random r) {
    return switch (r.nextInt(8)) {
      case 0 -> "NaN";
      case 1 -> "Infinity";
      case 2 -> "-Infinity";
      default ->
          new java.math.BigDecimal(new java.math.BigInteger(80, r), r.nextInt(60) - 10)
              .multiply(java.math.BigDecimal.valueOf(r.nextInt(3) - 1))
              .toPlainString();
    };
  }

  private static String hex(Random r) {
    return "%06x".formatted(r.nextInt(1 << 24)).substring(0, 2 * r.nextInt(4));
  }

  private static String date(Random r) {
    return switch (r.nextInt(8)) {
      case 0 -> "infinity";
      case 1 -> "-infinity";
      default ->
          "%04d-%02d-%02d%s"
              .formatted(
                  1 + r.nextInt(r.nextBoolean() ? 4000 : 200_000),
                  1 + r.nextInt(12),
                  1 + r.nextInt(28),
                  "");
    };
  }

  private static String stamp(Random r, String zone) {
    if (r.nextInt(8) == 0) {
      return r.nextBoolean() ? "infinity" : "-infinity";
    }
    return "%04d-%02d-%02d %02d:%02d:%02d.%06d%s%s"
        .formatted(
            1 + r.nextInt(4000),
            1 + r.nextInt(12),
            1 + r.nextInt(28),
            r.nextInt(24),
            r.nextInt(60),
            r.nextInt(60),
            r.nextInt(1_000_000) / (r.nextBoolean() ? 1 : 100_000) * (r.nextBoolean() ? 1 : 10),
            zone,
            r.nextInt(3) == 0 ? " BC" : "");
  }

  private static String word(Random r) {
    var word = new StringBuilder();
    for (int i = r.nextInt(5); i >= 0; i--) {
      word.append(Seeds.oneOf(r, "a", "A", "ä", "-", " ", "z", "é", "ß", "\\", "'", "😀", "ｆ"));
    }
    return word.toString();
  }
}
