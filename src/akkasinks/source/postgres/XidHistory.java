package akkasinks.source.postgres;

/** Extends pgoutput's 32-bit transaction ids to the 64 bits that snapshots have. */
final class XidHistory {
  private long newest;

  /**
   * @param newest a 64-bit xid of about the time of the stream: within 2³¹ transactions, which the
   *     server itself guarantees for all that a slot still holds
   */
  XidHistory(long newest) {
    this.newest = newest;
  }

  /** The one 64-bit xid with these lower bits that lies nearest to the newest known. */
  long extend(int xid32) {
    return newest + (xid32 - (int) newest);
  }

  /** The stream or a snapshot has come to {@code xid}. */
  void reached(long xid) {
    newest = Math.max(newest, xid);
  }
}
