package akkasinks.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import akkasinks.progress.ProgressRules;
import akkasinks.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The exactly-once protocol against an in-memory Kafka: two sinks that share a progress topic,
 * several incarnations of each at once, crashed or left standing between any two steps, with stale
 * mirrors, time-outs and lost commit answers. The invariants are checked after every event.
 */
class ProtocolSimulationTest {
  private static final Relation RELATION = new Relation(1, "public", "t", List.of());
  private static final List<String> SINKS = List.of("a", "b");
  private static final int EVENTS = 250;
  private static final int ITEMS = 40;

  @Test
  void exactlyOnceHoldsWhateverCrashesWherever() {
    Seeds.forAll(400, random -> new Run(random, SimTarget.Rules.CORRECT).play());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CORRECT")
  void aBrokenRuleIsNoticed(SimTarget.Rules broken) {
    assertThatThrownBy(() -> Seeds.forAll(400, random -> new Run(random, broken).play()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dseed=")
        .hasMessageMatching(
            "(?s).*(NoDuplicateCommitted|NoGap|ProgressNeverRegresses|OneWriterPerSink).*");
  }

  /** One seeded history. */
  private static final class Run {
    private final Random random;
    private final SimTarget.Rules rules;
    private final SimBroker broker = new SimBroker();
    private final SimSchedule schedule = new SimSchedule();

    /** What a sink's durable state ever held: a new incarnation may get an old one. */
    private final Map<String, List<Mirror>> mirrors = new HashMap<>();

    private boolean calm;

    Run(Random random, SimTarget.Rules rules) {
      this.random = random;
      this.rules = rules;
      SINKS.forEach(sink -> mirrors.put(sink, new ArrayList<>(List.of(Mirror.EMPTY))));
    }

    void play() {
      try {
        for (int i = 0; i < EVENTS; i++) {
          event();
          check();
        }
        calm = true;
        schedule.crashAll();
        for (String sink : SINKS) {
          broker.timeOut(sink);
          schedule.start(self -> incarnation(sink, self));
        }
        while (schedule.running() > 0) {
          schedule.any(random).run();
          check();
        }
        SINKS.forEach(sink -> assertThat(items(sink)).as("items of " + sink).hasSize(ITEMS));
      } finally {
        schedule.crashAll();
      }
    }

    private void event() {
      int kind = random.nextInt(100);
      if (schedule.running() == 0 || (kind < 6 && schedule.running() < 5)) {
        String sink = Seeds.oneOf(random, SINKS);
        schedule.start(self -> incarnation(sink, self));
      } else if (kind < 9) {
        schedule.any(random).crash();
      } else if (kind < 11) {
        broker.timeOut(Seeds.oneOf(random, SINKS));
      } else {
        schedule.any(random).run();
      }
    }

    /** A sink's life in one process: what the Sink actor and its stream do, in the same order. */
    private void incarnation(String sink, SimSchedule.Process self) {
      while (true) {
        self.step();
        Mirror mirror = mirror(sink);
        SimTarget target =
            new SimTarget(broker, sink, "data-" + sink, "progress", rules, _ -> self.step());
        Target.Writer writer = null;
        try {
          writer = target.fence(mirror);
          long attempted = writer.incarnation();
          long at = writer.progress().map(r -> end(r)).orElse(0L);
          remember(sink, writer.begin(position(at), List.of()), attempted);
          while (at < ITEMS) {
            int count = 1 + random.nextInt((int) Math.min(3, ITEMS - at));
            writer.write(messages(at, count));
            at += count;
            remember(sink, writer.commit(position(at)), attempted);
          }
          writer.close();
          return;
        } catch (FailureException e) {
          // Not in a finally: a process that is dead closes nothing.
          if (writer != null) {
            writer.close();
            if (!calm && superseded(target, mirror, writer)) {
              return;
            }
          }
        }
      }
    }

    private static boolean superseded(SimTarget target, Mirror mirror, Target.Writer mine) {
      return target
          .peek(mirror)
          .filter(
              found ->
                  ProgressRules.superseded(found, Set.of(mine.writerId()), mine.incarnation() - 1))
          .isPresent();
    }

    private Mirror mirror(String sink) {
      List<Mirror> known = mirrors.get(sink);
      return random.nextInt(3) > 0 ? known.get(known.size() - 1) : Seeds.oneOf(random, known);
    }

    /** The mirror is written lazily. */
    private void remember(String sink, Target.Committed done, long attempted) {
      if (random.nextBoolean()) {
        mirrors.get(sink).add(new Mirror(Optional.of(done.record()), done.offset(), attempted));
      }
    }

    private void check() {
      for (String sink : SINKS) {
        List<ProgressRecord> progress =
            broker.settled("progress").stream()
                .filter(entry -> entry.key().equals(sink))
                .map(entry -> (ProgressRecord) Objects.requireNonNull(entry.value()))
                .toList();
        for (Invariants invariant : Invariants.all()) {
          assertThat(invariant.violation(items(sink), progress))
              .as("%s of sink %s", invariant.getClass().getSimpleName(), sink)
              .isEmpty();
        }
      }
    }

    private List<Integer> items(String sink) {
      return broker.settled("data-" + sink).stream()
          .map(entry -> Integer.parseInt(entry.key()))
          .toList();
    }
  }

  private static long end(ProgressRecord record) {
    return ((PostgresPosition) record.frontier()).end();
  }

  private static PostgresPosition position(long end) {
    return PostgresPosition.of("s", 1, "slot", end);
  }

  private static Messages messages(long from, int count) {
    Messages messages = new Messages(Batch.empty(RELATION, position(from), false));
    for (long item = from; item < from + count; item++) {
      messages.add(Long.toString(item).getBytes(StandardCharsets.UTF_8), null);
    }
    return messages;
  }
}
