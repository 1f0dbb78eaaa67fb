package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres.Database;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a sink must not leave behind in other people's systems. */
final class Leftovers {
  private Leftovers() {}

  /** A last stable offset short of the end would hide all later records from committed readers. */
  static void assertNoOpenTransaction(RealKafka kafka, String... topics) throws Exception {
    try (var admin = kafka.admin()) {
      assertThat(
              admin.listTransactions().all().get(30, TimeUnit.SECONDS).stream()
                  .filter(t -> t.state().toString().equals("Ongoing"))
                  .toList())
          .as("open transactions")
          .isEmpty();
    }
    var reader = kafka.reader();
    for (var topic : topics) {
      assertThat(reader.ends(topic, true)).as(topic).isEqualTo(reader.ends(topic, false));
    }
  }

  static void awaitNoSlotNorPublication(Database database) {
    Await.until(
        "no replication slot of ours",
        () -> database.query("SELECT slot_name FROM pg_replication_slots"),
        List::isEmpty);
    Await.until(
        "no publication of ours",
        () -> database.query("SELECT pubname FROM pg_publication"),
        List::isEmpty);
  }
}
