package akkasinks.partition.expression;

import akkasinks.change.Batch;
import akkasinks.partition.Murmur2;
import akkasinks.partition.SeaHash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The functions that can be called by name. All give NULL if an argument is, but concat. */
final class Functions {
  private Functions() {}

  /** A hash of bytes. */
  @FunctionalInterface
  interface Hash {
    long of(byte[] bytes, int from, int to);
  }

  /** Materialize's hash functions: {@code kafka_murmur2} is what Kafka's Java clients place by. */
  static Optional<Hash> hash(String name) {
    return switch (name) {
      case "kafka_murmur2" ->
          Optional.of((bytes, from, to) -> Murmur2.hash(bytes, from, to) & 0x7fffffff);
      case "seahash" -> Optional.of(SeaHash::hash);
      case "crc32" ->
          Optional.of(
              (bytes, from, to) -> {
                var crc = new CRC32();
                crc.update(bytes, from, to - from);
                return crc.getValue();
              });
      default -> Optional.empty();
    };
  }

  static Kind kindOfHash(String name) {
    return switch (name) {
      case "kafka_murmur2" -> Kind.INT4;
      case "crc32" -> Kind.UINT4;
      default -> Kind.UINT8;
    };
  }

  /**
   * @param result of what kind
   * @param wants of each argument, TEXT, BYTEA (a text too) or INT8
   * @param least how many must be given
   */
  record Function(Kind result, List<Kind> wants, int least, Body body) {}

  /** Computes a function from arguments of which none is NULL. */
  @FunctionalInterface
  interface Body {
    Object of(Object[] arguments);
  }

  static Optional<Function> named(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "length", "char_length", "character_length" ->
              of(Kind.INT4, List.of(Kind.TEXT), a -> (long) points(text(a[0])));
          case "octet_length" ->
              of(Kind.INT4, List.of(Kind.BYTEA), a -> (long) ((Slice) a[0]).length());
          case "lower" ->
              of(Kind.TEXT, List.of(Kind.TEXT), a -> Slice.of(text(a[0]).toLowerCase(Locale.ROOT)));
          case "upper" ->
              of(Kind.TEXT, List.of(Kind.TEXT), a -> Slice.of(text(a[0]).toUpperCase(Locale.ROOT)));
          case "md5" -> of(Kind.TEXT, List.of(Kind.BYTEA), a -> Slice.of(md5((Slice) a[0])));
          case "left" ->
              of(Kind.TEXT, List.of(Kind.TEXT, Kind.INT8), a -> left(text(a[0]), (Long) a[1]));
          case "substring", "substr" ->
              new Function(
                  Kind.TEXT,
                  List.of(Kind.TEXT, Kind.INT8, Kind.INT8),
                  2,
                  a ->
                      substring(
                          text(a[0]), (Long) a[1], a.length > 2 ? (Long) a[2] : Long.MAX_VALUE));
          default -> null;
        });
  }

  private static Function of(Kind result, List<Kind> wants, Body body) {
    return new Function(result, wants, wants.size(), body);
  }

  /** Evaluates all arguments; null if one is NULL. */
  static Object @Nullable [] values(Node[] nodes, Batch batch, int row) {
    Object[] values = new Object[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      Object value = nodes[i].value(batch, row);
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return values;
  }

  private static String text(Object slice) {
    return ((Slice) slice).text();
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  private static Slice left(String text, long count) {
    int points = points(text);
    long taken = count < 0 ? Math.max(0, points + count) : Math.min(points, count);
    return Slice.of(text.substring(0, text.offsetByCodePoints(0, (int) taken)));
  }

  /** From 1; what lies before the text counts. */
  private static Slice substring(String text, long start, long count) {
    if (count < 0) {
      throw NoValue.HERE;
    }
    long end = count > Long.MAX_VALUE - Math.max(start, 0) ? Long.MAX_VALUE : start + count;
    int points = points(text);
    int from = (int) Math.clamp(start - 1, 0, points);
    int to = (int) Math.clamp(end - 1, from, points);
    return Slice.of(
        text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to)));
  }

  private static String md5(Slice slice) {
    try {
      var digest = MessageDigest.getInstance("MD5");
      digest.update(slice.bytes(), slice.from(), slice.length());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each JVM has MD5", e);
    }
  }
}
