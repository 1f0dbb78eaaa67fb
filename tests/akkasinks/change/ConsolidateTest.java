package akkasinks.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsolidateTest {
  private static final List<String> KEY = List.of("a", "b");

  @Test
  void eachTransactionNetsAsNaiveMapsDo() {
    Seeds.forAll(
        400,
        random -> {
          var history = new RandomHistory(random, random.nextBoolean());
          var consolidate = Consolidate.perTransaction(KEY);
          Map<List<String>, List<String>> in = Map.of();
          Map<List<String>, List<String>> out = Map.of();
          for (int i = 0; i < 20; i++) {
            var changes = history.next(random.nextInt(30));
            var batch = Decoded.batch(RandomHistory.TABLE, changes, i, random.nextBoolean());

            var given = consolidate.apply(batch);

            assertThat(given).hasSize(1);
            var netted = given.getFirst();
            assertThat(Decoded.split(Decoded.of(netted))).isEqualTo(netPerTransaction(changes));
            assertThat(netted.position()).isEqualTo(batch.position());
            assertThat(netted.consumed()).isEqualTo(changes.size());
            assertThat(netted.quiet()).isEqualTo(batch.quiet());
            in = Decoded.fold(in, changes);
            out = Decoded.fold(out, Decoded.of(netted));
            assertThat(out).isEqualTo(in);
          }
        });
  }

  private static List<Decoded> netPerTransaction(List<Decoded> changes) {
    var netted = new ArrayList<Decoded>();
    int from = 0;
    for (int to = 1; to <= changes.size(); to++) {
      boolean ends =
          to == changes.size() || changes.get(to).transaction() != changes.get(from).transaction();
      if (ends) {
        netted.addAll(Decoded.net(changes.subList(from, to)));
        from = to;
      }
    }
    return netted;
  }

  @Test
  void aBatchOfSingleChangesPassesUntouched() {
    var batch = batch(insert(1, "1", "x"), update(2, "1", "x", "y"), delete(3, "1", "y"));
    assertThat(Consolidate.perTransaction(KEY).apply(batch).getFirst()).isSameAs(batch);
  }

  @Test
  void aTransactionOnDifferentKeysPassesUntouched() {
    var batch = batch(insert(1, "1", "x"), insert(1, "2", "x"), move(1, "3", "4"));
    assertThat(Consolidate.perTransaction(KEY).apply(batch).getFirst()).isSameAs(batch);
  }

  @Test
  void whatIsInsertedAndDeletedVanishes() {
    assertThat(netted(insert(1, "1", "x"), update(1, "1", "x", "y"), delete(1, "1", "y")))
        .isEmpty();
  }

  @Test
  void whatIsDeletedAndInsertedIsAnUpdateWithTheFirstBefore() {
    assertThat(netted(delete(1, "1", "x"), insert(1, "1", "y"), update(1, "1", "y", "z")))
        .containsExactly(update(1, "1", "x", "z"));
  }

  @Test
  void aDeleteAfterAnUpdateWithoutBeforeHasTheDeletesOwnBefore() {
    var blind = new Decoded(Op.UPDATE, null, row("1", "y"), 1);
    assertThat(netted(blind, delete(1, "1", "y"))).containsExactly(delete(1, "1", "y"));
  }

  @Test
  void aRowThatMovesAwayAndBackIsAnUpdate() {
    assertThat(netted(move(1, "1", "2"), move(1, "2", "1")))
        .containsExactly(update(1, "1", "moved", "moved"));
  }

  @Test
  void keysComeInTheOrderOfTheirLastChange() {
    assertThat(netted(insert(1, "1", "x"), insert(1, "2", "x"), update(1, "1", "x", "y")))
        .containsExactly(insert(1, "2", "x"), insert(1, "1", "y"));
  }

  @Test
  void changesOfDifferentTransactionsAreNotNetted() {
    assertThat(netted(insert(1, "1", "x"), update(1, "1", "x", "y"), delete(2, "1", "y")))
        .containsExactly(insert(1, "1", "y"), delete(2, "1", "y"));
  }

  @Test
  void keysWhoseHashesCollideStayApart() {
    // 300,000 keys collide about ten times in 32 bits.
    var changes = new ArrayList<Decoded>();
    for (int i = 0; i < 300_000; i++) {
      changes.add(insert(1, Integer.toString(i), "x"));
    }
    changes.add(delete(1, "17", "x"));
    var batch = batch(changes.toArray(Decoded[]::new));
    assertThat(Consolidate.perTransaction(KEY).apply(batch).getFirst().size()).isEqualTo(299_999);
  }

  @Test
  void partsOfAKeyDoNotRunIntoEachOther() {
    var left = new Decoded(Op.INSERT, null, List.of("1", "23", "x"), 1);
    var right = new Decoded(Op.DELETE, List.of("12", "3", "x"), null, 1);
    assertThat(netted(left, right)).containsExactly(left, right);
  }

  @Test
  void aSnapshotsRowsAreNeverNetted() {
    var read = new Decoded(Op.READ, null, row("1", "x"), 0);
    assertThat(netted(read, read)).containsExactly(read, read);
  }

  @Test
  void offChangesNothing() {
    var batch = batch(insert(1, "1", "x"), delete(1, "1", "x"));
    assertThat(Consolidate.off().apply(batch)).containsExactly(batch);
  }

  @Test
  void aLostKeyColumnIsSaid() {
    var batch = batch(insert(1, "1", "x"), delete(1, "1", "x"));
    assertThatThrownBy(() -> Consolidate.perTransaction(List.of("id")).apply(batch))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.SCHEMA_CHANGED);
              assertThat(e).hasMessageContaining("\"id\"").hasMessageContaining("\"t\"");
            });
  }

  private static List<Decoded> netted(Decoded... changes) {
    return Decoded.of(Consolidate.perTransaction(KEY).apply(batch(changes)).getFirst());
  }

  private static Batch batch(Decoded... changes) {
    return Decoded.batch(RandomHistory.TABLE, List.of(changes), 9, false);
  }

  private static List<String> row(String a, String value) {
    return List.of(a, "b", value);
  }

  private static Decoded insert(long transaction, String a, String value) {
    return new Decoded(Op.INSERT, null, row(a, value), transaction);
  }

  private static Decoded update(long transaction, String a, String old, String value) {
    return new Decoded(Op.UPDATE, row(a, old), row(a, value), transaction);
  }

  private static Decoded move(long transaction, String from, String to) {
    return new Decoded(Op.UPDATE, row(from, "moved"), row(to, "moved"), transaction);
  }

  private static Decoded delete(long transaction, String a, String value) {
    return new Decoded(Op.DELETE, row(a, value), null, transaction);
  }
}
