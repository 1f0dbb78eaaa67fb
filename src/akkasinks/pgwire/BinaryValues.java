package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.ColumnType;
import akkasinks.command.TextArrays;
import akkasinks.sql.Parameters;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values in PostgreSQL's binary form, from and to their text. */
final class BinaryValues {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);

  private BinaryValues() {}

  static byte[] bytes(ColumnType type, String text) {
    return switch (type) {
      case TEXT -> text.getBytes(StandardCharsets.UTF_8);
      case BOOL -> new byte[] {(byte) (text.equals("t") ? 1 : 0)};
      case INT4 -> ByteBuffer.allocate(4).putInt(Integer.parseInt(text)).array();
      case INT8 -> ByteBuffer.allocate(8).putLong(Long.parseLong(text)).array();
      case FLOAT8 -> ByteBuffer.allocate(8).putDouble(Double.parseDouble(text)).array();
      case TIMESTAMPTZ ->
          ByteBuffer.allocate(8).putLong(ChronoUnit.MICROS.between(EPOCH, instant(text))).array();
      case JSONB -> {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        yield ByteBuffer.allocate(json.length + 1).put((byte) 1).put(json).array();
      }
      case NUMERIC -> numeric(new BigDecimal(text));
      case TEXT_ARRAY -> array(text);
    };
  }

  /** Of a time in UTC. */
  private static Instant instant(String text) {
    return Instant.parse(text.replace(' ', 'T').replace("+00", "Z"));
  }

  /** Groups of four decimal digits around the point, the weight of the first, sign and scale. */
  private static byte[] numeric(BigDecimal number) {
    int scale = Math.max(0, number.scale());
    int groupsBehind = (scale + 3) / 4;
    BigInteger rest =
        number.abs().setScale(groupsBehind * 4, RoundingMode.UNNECESSARY).unscaledValue();
    List<Short> groups = new ArrayList<>();
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(TEN_THOUSAND);
      groups.addFirst(parts[1].shortValue());
      rest = parts[0];
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * groups.size());
    bytes.putShort((short) groups.size());
    bytes.putShort((short) (groups.isEmpty() ? 0 : groups.size() - groupsBehind - 1));
    bytes.putShort((short) (number.signum() < 0 ? 0x4000 : 0));
    bytes.putShort((short) scale);
    groups.forEach(bytes::putShort);
    return bytes.array();
  }

  private static byte[] array(String text) {
    List<byte[]> elements =
        TextArrays.elements(text).stream().map(e -> e.getBytes(StandardCharsets.UTF_8)).toList();
    int size = elements.stream().mapToInt(e -> e.length + 4).sum();
    ByteBuffer bytes = ByteBuffer.allocate(size + (elements.isEmpty() ? 12 : 20));
    bytes.putInt(elements.isEmpty() ? 0 : 1).putInt(0).putInt(ColumnType.TEXT.oid());
    if (!elements.isEmpty()) {
      bytes.putInt(elements.size()).putInt(1);
    }
    elements.forEach(e -> bytes.putInt(e.length).put(e));
    return bytes.array();
  }

  /**
   * A parameter's value.
   *
   * @param oid of its type, 0 if the client left it open
   * @param number of the parameter, from 1
   */
  static Parameters.Value parameter(int oid, boolean binary, Optional<byte[]> bytes, int number) {
    boolean bare = PlainType.of(oid).bare();
    if (bytes.isEmpty()) {
      return new Parameters.Value(Optional.empty(), bare);
    }
    if (!binary) {
      String text = WireReader.utf8(bytes.get());
      return new Parameters.Value(Optional.of(spelled(oid, text)), bare);
    }
    ByteBuffer value = ByteBuffer.wrap(bytes.get());
    String text =
        switch (PlainType.of(oid)) {
          case TEXT -> WireReader.utf8(bytes.get());
          case BOOL -> need(value, 1, number).get() != 0 ? "true" : "false";
          case INT2 -> Short.toString(need(value, 2, number).getShort());
          case INT4 -> Integer.toString(need(value, 4, number).getInt());
          case INT8 -> Long.toString(need(value, 8, number).getLong());
          case FLOAT4 -> Float.toString(need(value, 4, number).getFloat());
          case FLOAT8 -> Double.toString(need(value, 8, number).getDouble());
          case NUMERIC, OTHER ->
              throw Failure.of(
                      Code.NOT_SUPPORTED,
                      "parameter $%d: type %d is not supported in binary".formatted(number, oid))
                  .hint("Send it as text.")
                  .exception();
        };
    return new Parameters.Value(Optional.of(text), bare);
  }

  private static String spelled(int oid, String text) {
    if (PlainType.of(oid) != PlainType.BOOL) {
      return text;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "t", "true", "1", "on", "yes" -> "true";
      default -> "false";
    };
  }

  private static ByteBuffer need(ByteBuffer value, int bytes, int number) {
    if (value.remaining() != bytes) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "parameter $" + number + ": its length is not its type's")
          .exception();
    }
    return value;
  }

  /** Types that a parameter's value can be read of. */
  private enum PlainType {
    TEXT,
    BOOL,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    OTHER;

    static PlainType of(int oid) {
      return switch (oid) {
        case 0, 18, 19, 25, 114, 705, 1042, 1043 -> TEXT;
        case 16 -> BOOL;
        case 20 -> INT8;
        case 21 -> INT2;
        case 23, 26 -> INT4;
        case 700 -> FLOAT4;
        case 701 -> FLOAT8;
        case 1700 -> NUMERIC;
        default -> OTHER;
      };
    }

    boolean bare() {
      return this != TEXT && this != OTHER;
    }
  }
}
