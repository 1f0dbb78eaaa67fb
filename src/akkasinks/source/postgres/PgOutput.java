package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Relation;

/**
 * Decodes the rows of pgoutput's messages (protocol version 1, text) straight into a batch. A row
 * costs no object. The format is PostgreSQL's "Logical Replication Message Formats".
 */
final class PgOutput {
  private static final int NO_ROW = Batch.NO_ROW;

  private final boolean[] identity;
  private final Relation relation;

  /**
   * @param identity for each column of the relation whether old rows always carry it
   */
  PgOutput(Relation relation, boolean[] identity) {
    this.relation = relation;
    this.identity = identity.clone();
  }

  /** Insert, after its oid: the new row's number. */
  int inserted(Cursor in, BatchBuilder out) {
    expect(in, 'N');
    return row(in, out, false, NO_ROW);
  }

  /**
   * Update or Delete, after its oid: the old row's number, or NO_ROW if none was sent, that is if
   * the identity did not change. The cursor then stands at the new row, if there is one.
   */
  int old(Cursor in, BatchBuilder out) {
    int tag = in.bytes()[in.at()];
    return switch (tag) {
      case 'K' -> {
        in.u8();
        yield row(in, out, true, NO_ROW);
      }
      case 'O' -> {
        in.u8();
        yield row(in, out, false, NO_ROW);
      }
      default -> NO_ROW;
    };
  }

  /** An Update's new row; unchanged large values are taken from the old one. */
  int updated(Cursor in, BatchBuilder out, int old) {
    expect(in, 'N');
    return row(in, out, false, old);
  }

  private int row(Cursor in, BatchBuilder out, boolean identityOnly, int old) {
    int columns = in.u16();
    if (columns != identity.length) {
      throw broken("a row has %d columns, its relation %d".formatted(columns, identity.length));
    }
    int row = out.row();
    // The row is copied once, whole; columns are places in the copy.
    int start = in.at();
    int shift = out.used() - start;
    for (int i = 0; i < columns; i++) {
      int kind = in.u8();
      switch (kind) {
        case 't' -> {
          int length = in.i32();
          out.at(in.skip(length) + shift, length);
        }
        case 'n' -> out.nothing(identityOnly && !identity[i] ? Batch.ABSENT : Batch.NULL);
        case 'u' -> {
          if (old == NO_ROW || out.length(old, i) == Batch.ABSENT) {
            throw unchanged(i);
          }
          out.sameAs(old, i);
        }
        default -> throw broken("a column is of kind '" + (char) kind + "'");
      }
    }
    int length = in.at() - start;
    System.arraycopy(in.bytes(), start, out.reserve(length), out.used(), length);
    out.took(length);
    return row;
  }

  private static void expect(Cursor in, char tag) {
    int found = in.u8();
    if (found != tag) {
      throw broken("'" + tag + "' expected, '" + (char) found + "' found");
    }
  }

  private static FailureException broken(String what) {
    return Failure.of(Code.INTERNAL, "unexpected message of pgoutput: " + what).exception();
  }

  private FailureException unchanged(int column) {
    var table = Sql.name(relation.schema(), relation.name());
    return Failure.of(
            Code.DATA,
            "an update of %s did not send the unchanged large value of column \"%s\""
                .formatted(table, relation.columns().get(column).name()))
        .detail("PostgreSQL sends such a value only under REPLICA IDENTITY FULL.")
        .hint("ALTER TABLE " + table + " REPLICA IDENTITY FULL; then ALTER SINK … RESNAPSHOT.")
        .exception();
  }
}
