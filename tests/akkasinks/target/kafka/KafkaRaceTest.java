package akkasinks.target.kafka;

import static akkasinks.target.kafka.KafkaFixture.messages;
import static akkasinks.target.kafka.KafkaFixture.position;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.FailureException;
import akkasinks.change.PostgresPosition;
import akkasinks.progress.Mirror;
import akkasinks.target.Target;
import akkasinks.testing.RealKafka;
import akkasinks.testing.Seeds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KafkaRaceTest {
  private static final int ITEMS = 60;

  /** Both take over from each other again and again, after pauses that rule 3 asks for. */
  @Test
  void twoWritersThatFenceEachOtherWriteEachItemOnce() {
    Seeds.forAll(
        1,
        random -> {
          KafkaFixture sink = KafkaFixture.on(RealKafka.shared());
          try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> both =
                List.of(random.nextLong(), random.nextLong()).stream()
                    .map(
                        seed ->
                            CompletableFuture.runAsync(
                                () -> race(sink, new java.util.SplittableRandom(seed)), threads))
                    .toList();
            both.forEach(CompletableFuture::join);
          }
          assertThat(sink.kafka().reader().committed(sink.settings().topic().name()))
              .extracting(entry -> Integer.valueOf(String.valueOf(entry.value())))
              .containsExactlyInAnyOrderElementsOf(IntStream.range(0, ITEMS).boxed().toList());
        });
  }

  private static void race(KafkaFixture sink, RandomGenerator random) {
    int failures = 0;
    while (true) {
      try (Target.Writer writer = sink.target().fence(Mirror.EMPTY)) {
        long at = writer.progress().map(r -> ((PostgresPosition) r.frontier()).end()).orElse(0L);
        writer.begin(position(at), List.of());
        for (int turns = 0; at < ITEMS && turns < 6; turns++) {
          writer.write(messages(Long.toString(at)));
          at++;
          writer.commit(position(at));
        }
        if (at >= ITEMS) {
          return;
        }
      } catch (FailureException _) {
        failures++;
      }
      LockSupport.parkNanos(random.nextLong(200_000_000L << Math.min(failures, 4)));
    }
  }
}
