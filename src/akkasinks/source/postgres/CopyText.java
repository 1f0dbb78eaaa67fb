package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Op;

/**
 * One line of {@code COPY … TO STDOUT} in text format, unescaped straight into a batch under
 * construction. The escapes are those of PostgreSQL's {@code CopyAttributeOutText}.
 */
final class CopyText {
  private CopyText() {}

  /** Adds a READ of the row in {@code line}, and gives the row's number. */
  static int read(byte[] line, int columns, BatchBuilder out) {
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int row = out.row();
    int at = 0;
    for (int column = 0; column < columns; column++) {
      at = value(line, at, end, out) + 1;
    }
    out.change(Op.READ, Batch.NO_ROW, row, 0);
    return row;
  }

  /** Reads the value that begins at {@code from} and gives the place of the tab or end after it. */
  private static int value(byte[] line, int from, int end, BatchBuilder out) {
    int at = from;
    while (at < end && line[at] != '\t' && line[at] != '\\') {
      at++;
    }
    if (at == end || line[at] == '\t') {
      out.value(line, from, at - from);
      return at;
    }
    if (at == from && at + 1 < end && line[at + 1] == 'N') {
      out.nothing(Batch.NULL);
      return at + 2;
    }
    return escaped(line, from, at, end, out);
  }

  private static int escaped(byte[] line, int from, int escape, int end, BatchBuilder out) {
    int tab = escape;
    while (tab < end && line[tab] != '\t') {
      tab++;
    }
    byte[] target = out.reserve(tab - from);
    int start = out.used();
    int to = start + escape - from;
    System.arraycopy(line, from, target, start, escape - from);
    for (int at = escape; at < tab; at++) {
      byte b = line[at];
      target[to++] = b == '\\' ? unescape(line[++at]) : b;
    }
    out.wrote(to - start);
    return tab;
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
