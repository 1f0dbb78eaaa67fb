package akkasinks.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.change.PostgresPosition;
import akkasinks.change.PostgresPosition.Within;
import akkasinks.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever the position a reader stopped at, the next one goes on exactly after it. */
class StreamPlaceTest {
  private static PostgresPosition at(long end, Optional<Within> within) {
    return PostgresPosition.of("1", 1, "s", end).at(end, within, Optional.empty());
  }

  private record Transaction(long finalLsn, long end, int changes) {}

  /** Long transactions begin before others end; commit records do not overlap. */
  private static List<Transaction> history(java.util.Random random) {
    var history = new ArrayList<Transaction>();
    long lsn = 100;
    for (int i = 0; i < 1 + random.nextInt(20); i++) {
      long finalLsn = lsn + random.nextInt(3);
      lsn = finalLsn + 1 + random.nextInt(30);
      history.add(new Transaction(finalLsn, lsn, random.nextInt(5)));
    }
    return history;
  }

  @Test
  void everyChangeIsConsumedOnceHoweverOftenTheReaderStops() {
    Seeds.forAll(
        500,
        random -> {
          var history = history(random);
          var wanted = new ArrayList<String>();
          history.forEach(
              t -> {
                for (int c = 1; c <= t.changes(); c++) {
                  wanted.add(t.finalLsn() + "/" + c);
                }
              });
          var got = new ArrayList<String>();
          var position = at(100, Optional.empty());
          for (int life = 0; life < 200 && got.size() < wanted.size(); life++) {
            // The server may send again from anywhere at or before P.
            long sendFrom = position.end() - random.nextInt(60);
            position = live(random, history, position, sendFrom, got);
          }
          assertThat(got).isEqualTo(wanted);
        });
  }

  private static PostgresPosition live(
      java.util.Random random,
      List<Transaction> history,
      PostgresPosition from,
      long sendFrom,
      List<String> got) {
    var place = new StreamPlace(from);
    for (var t : history) {
      if (t.finalLsn() < sendFrom) {
        continue;
      }
      if (random.nextInt(4) == 0) {
        place.keepAlive(Math.min(t.finalLsn(), from.end() + random.nextInt(50)));
      }
      place.begin(t.finalLsn());
      for (int c = 1; c <= t.changes(); c++) {
        if (place.change()) {
          if (random.nextInt(8) == 0) {
            return place.position(true);
          }
          got.add(t.finalLsn() + "/" + c);
          if (random.nextInt(8) == 0) {
            return place.position(false);
          }
        }
      }
      place.commit(t.end());
      if (random.nextInt(8) == 0) {
        return place.position(false);
      }
    }
    return place.position(false);
  }

  @Test
  void aTransactionThatIsNotThereAnyMoreStopsTheStream() {
    var from = at(100, Optional.of(new Within(150, 3)));
    var other = SourceChecksTest.refusal(() -> new StreamPlace(from).begin(160));
    assertThat(other.code()).isEqualTo(Code.HISTORY_CHANGED);
    assertThat(other.message())
        .isEqualTo(
            "the transaction that commits at 0/96, of which 3 changes are written already, is not"
                + " in the stream as it was: the stream goes on with the transaction that commits"
                + " at 0/A0");
    assertThat(SourceChecksTest.refusal(() -> new StreamPlace(from).keepAlive(151)).message())
        .endsWith("the stream has passed it by");
    var shorter =
        SourceChecksTest.refusal(
            () -> {
              var place = new StreamPlace(from);
              place.begin(150);
              place.change();
              place.commit(155);
            });
    assertThat(shorter.message()).endsWith("it now has only 1 changes");
  }

  @Test
  void aKeepAliveInsideATransactionMovesNothing() {
    var place = new StreamPlace(at(100, Optional.empty()));
    place.begin(150);
    assertThat(place.keepAlive(200)).isFalse();
    place.commit(160);
    assertThat(place.end()).isEqualTo(160);
    assertThat(place.keepAlive(200)).isTrue();
    assertThat(place.end()).isEqualTo(200);
  }
}
