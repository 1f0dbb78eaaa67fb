package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Op;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One line of {@code COPY … TO STDOUT} in text format, unescaped straight into a batch under
 * construction. The escapes are those of PostgreSQL's {@code CopyAttributeOutText}.
 */
final class CopyText {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private CopyText() {}

  /**
   * Adds a READ of the row in {@code line}, and gives the row's number. The line is copied once,
   * whole; its values are places in the copy, where those with escapes are unescaped.
   */
  static int read(byte[] line, int columns, BatchBuilder out) {
    int length = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    byte[] bytes = out.reserve(length);
    int from = out.used();
    int end = from + length;
    System.arraycopy(line, 0, bytes, from, length);
    int row = out.row();
    int at = from;
    for (int column = 0; column < columns; column++) {
      at = value(bytes, at, end, out) + 1;
    }
    out.took(length);
    out.change(Op.READ, Batch.NO_ROW, row, 0);
    return row;
  }

  /** Reads the value that begins at {@code from} and gives the place of the tab or end after it. */
  private static int value(byte[] bytes, int from, int end, BatchBuilder out) {
    int at = special(bytes, from, end);
    if (at == end || bytes[at] == '\t') {
      out.at(from, at - from);
      return at;
    }
    if (at == from && at + 1 < end && bytes[at + 1] == 'N') {
      out.nothing(Batch.NULL);
      return at + 2;
    }
    return escaped(bytes, from, at, end, out);
  }

  /** The place of the first tab or backslash, or {@code end}; eight bytes at a time. */
  private static int special(byte[] bytes, int from, int end) {
    int at = from;
    for (; at <= end - 8; at += 8) {
      long word = (long) WORD.get(bytes, at);
      long tab = word ^ ('\t' * ONES);
      long slash = word ^ ('\\' * ONES);
      // The lowest mark is a zero byte of one of the two; higher ones may come from a borrow.
      long marks = (((tab - ONES) & ~tab) | ((slash - ONES) & ~slash)) & HIGHS;
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (at < end && bytes[at] != '\t' && bytes[at] != '\\') {
      at++;
    }
    return at;
  }

  private static int escaped(byte[] bytes, int from, int escape, int end, BatchBuilder out) {
    int to = escape;
    int at = escape;
    for (; at < end && bytes[at] != '\t'; at++) {
      byte b = bytes[at];
      bytes[to++] = b == '\\' ? unescape(bytes[++at]) : b;
    }
    out.at(from, to - from);
    return at;
  }

  private static byte unescape(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> letter;
    };
  }
}
