package akkasinks.format.input;

import akkasinks.change.Op;

/** Reads a record that tells of a row before and after a change. Belongs to one thread. */
public interface ChangeReader {
  /**
   * @param before its columns are set for UPDATE and DELETE
   * @param after its columns are set for all but DELETE
   * @throws BadRecord if the bytes are not what was declared
   */
  Kind read(byte[] bytes, Fields before, Fields after);

  /** What a record says. */
  enum Kind {
    INSERT,
    UPDATE,
    /** An update whose record does not hold the row before. */
    UPDATE_BLIND,
    DELETE,
    /** Of no row: a message that went through the log. */
    NOTHING;

    /** The operation on a row; not of NOTHING. */
    public Op op() {
      return switch (this) {
        case INSERT -> Op.INSERT;
        case UPDATE, UPDATE_BLIND -> Op.UPDATE;
        case DELETE -> Op.DELETE;
        case NOTHING -> throw new IllegalStateException("it is no change of a row");
      };
    }

    /**
     * @param op Debezium's letter; 0 if there is none, and the two rows tell
     */
    static Kind of(int op, boolean hasBefore, boolean hasAfter) {
      return switch (op) {
        case 'c', 'r' -> demand(hasAfter, "after", INSERT);
        case 'u' -> demand(hasAfter, "after", hasBefore ? UPDATE : UPDATE_BLIND);
        case 'd' -> demand(hasBefore, "before", DELETE);
        case 'm' -> NOTHING;
        case 0 -> {
          if (hasAfter) {
            yield hasBefore ? UPDATE : INSERT;
          }
          yield demand(hasBefore, "before nor after", DELETE);
        }
        case 't' -> throw new BadRecord("it tells of a TRUNCATE");
        default -> throw new BadRecord("its op is not known");
      };
    }

    private static Kind demand(boolean there, String what, Kind kind) {
      if (!there) {
        throw new BadRecord("it has no row " + what);
      }
      return kind;
    }
  }
}
