package akkasinks.change;

/** What happened to a row. */
public enum Op {
  /** The row was there when a snapshot's chunk was read: no before, an after. */
  READ,
  /** No before, an after. */
  INSERT,
  /** An after; a before if the source sends it (replica identity). */
  UPDATE,
  /** No after; the before holds at least the columns of the replica identity. */
  DELETE;

  public boolean existedBefore() {
    return this == UPDATE || this == DELETE;
  }

  public boolean existsAfter() {
    return this != DELETE;
  }
}
