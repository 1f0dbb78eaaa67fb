package akkasinks.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a property on many seeded random cases. A failure names its seed; {@code -Dseed=N} runs that
 * one case again, {@code -Dseed.base=N} (or {@code random}) starts elsewhere, {@code
 * -Dseed.times=N} runs N times as many cases.
 */
public final class Seeds {
  private static final long DEFAULT_BASE = 20_261_121L;

  private Seeds() {}

  /** One case of a property: whatever it needs at random, it takes from here. */
  @FunctionalInterface
  public interface Property {
    void check(Random random) throws Exception;
  }

  /** Runs {@code cases} cases; the first that fails ends the run with its seed in the message. */
  public static void forAll(int cases, Property property) {
    forAll(1, cases, property);
  }

  /** The same, so many cases at once. */
  public static void forAll(int lanes, int cases, Property property) {
    @Nullable Long only = Long.getLong("seed");
    if (only != null) {
      run(only, property);
      return;
    }
    long base = base();
    int total = Math.multiplyExact(cases, Integer.getInteger("seed.times", 1));
    var next = new AtomicInteger();
    Runnable lane =
        () -> {
          for (int i = next.getAndIncrement(); i < total; i = next.getAndIncrement()) {
            try {
              run(mix(base + i), property);
            } catch (AssertionError e) {
              next.set(total);
              throw e;
            }
          }
        };
    try (var threads = Executors.newFixedThreadPool(lanes)) {
      var others = IntStream.range(1, lanes).mapToObj(n -> threads.submit(lane)).toList();
      lane.run();
      for (var other : others) {
        other.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /**
   * Dice that fall the same for the same seed, for what runs outside {@link #forAll}: a thread of
   * its own, or one long run. Neighbouring seeds begin alike: draw them from other dice.
   */
  public static Random random(long seed) {
    return new Random(seed);
  }

  static void run(long seed, Property property) {
    try {
      property.check(new Random(seed));
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError("failed with -Dseed=" + seed + ": " + e, e);
    }
  }

  private static long base() {
    String given = System.getProperty("seed.base", Long.toString(DEFAULT_BASE));
    return given.equals("random") ? System.nanoTime() : Long.parseLong(given);
  }

  /** Neighbouring seeds of java.util.Random begin alike; this spreads them (SplitMix64). */
  private static long mix(long n) {
    long z = n * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** One of the given values. */
  @SafeVarargs
  public static <T> T oneOf(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  /** One of the given values. */
  public static <T> T oneOf(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** A list of up to {@code max} elements, short ones as likely as long ones. */
  public static <T> List<T> list(Random random, int max, Function<Random, T> element) {
    int size = random.nextInt(max + 1);
    List<T> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(element.apply(random));
    }
    return list;
  }

  /** Text with what breaks encoders: quotes, control characters, multi-byte, surrogate pairs. */
  public static String text(Random random, int max) {
    int size = random.nextInt(max + 1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append("\"'\\,;{}()[] \t\n\r".charAt(random.nextInt(15)));
        case 1 -> text.append((char) (1 + random.nextInt(31)));
        case 2 -> text.append((char) (0xA0 + random.nextInt(0x500)));
        case 3 -> text.append((char) (0x4E00 + random.nextInt(0x1000)));
        case 4 -> text.appendCodePoint(0x1F300 + random.nextInt(0x300));
        default -> text.append((char) ('!' + random.nextInt(94)));
      }
    }
    return text.toString();
  }
}
