package akkasinks.verify;

import akkasinks.verify.VerifyReport.Difference;
import akkasinks.verify.VerifyReport.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a comparison has counted. Keeps the first findings one by one; belongs to one thread. */
final class Tally {
  /** More differing keys than this are not kept, and so not judged again. */
  static final int KEPT = 10_000;

  private final Map<Bytes, Difference> findings = new LinkedHashMap<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private long equal;
  private long uncovered;

  void equal() {
    equal++;
  }

  void uncovered() {
    uncovered++;
  }

  void finding(Kind kind, byte[] key, @Nullable Sample table, @Nullable Sample topic) {
    counts.merge(kind, 1L, Long::sum);
    if (findings.size() < KEPT) {
      findings.put(
          new Bytes(key),
          new Difference(
              kind,
              Sample.shown(key),
              Optional.ofNullable(table).map(Sample::shown),
              Optional.ofNullable(topic).map(Sample::shown)));
    }
  }

  /** The differing keys; empty if there are none, or too many to keep. */
  Set<Bytes> suspects() {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return all == findings.size() ? Set.copyOf(findings.keySet()) : Set.of();
  }

  /** Replaces the judgement of {@code keys} by what a later comparison of them alone found. */
  void judgedAgain(Set<Bytes> keys, Tally later) {
    for (var key : keys) {
      var taken = findings.remove(key);
      if (taken != null) {
        counts.merge(taken.kind(), -1L, Long::sum);
      }
    }
    findings.putAll(later.findings);
    later.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    equal += later.equal;
    uncovered += later.uncovered;
  }

  long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  long equalKeys() {
    return equal;
  }

  long uncoveredRows() {
    return uncovered;
  }

  List<Difference> first(int most) {
    return new ArrayList<>(findings.values()).subList(0, Math.min(most, findings.size()));
  }
}
