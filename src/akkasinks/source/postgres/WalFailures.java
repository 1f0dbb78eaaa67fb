package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** What a walsender's errors mean. */
final class WalFailures {
  /** Up to version 15 it says filenode. */
  private static final Pattern UNMAPPED =
      Pattern.compile("^could not map file(number|node) .* to relation OID$");

  private WalFailures() {}

  /**
   * What ended the stream.
   *
   * @param received LSN that the server has sent everything before
   */
  static Failure of(String slot, long received, SQLException error) {
    var state = String.valueOf(error.getSQLState());
    var reason = PostgresFailures.reason(error);
    if (reason.startsWith("publication \"") && reason.endsWith("does not exist")) {
      return noPublication(reason);
    }
    if (reason.contains("requested WAL segment") || reason.contains("can no longer get changes")) {
      return Failure.of(Code.HISTORY_CHANGED, "slot \"" + slot + "\" has lost its WAL: " + reason)
          .hint("ALTER SINK … RESNAPSHOT begins anew.");
    }
    if (UNMAPPED.matcher(reason).find()) {
      return Failure.of(
              Code.HISTORY_CHANGED, "PostgreSQL cannot decode slot \"" + slot + "\": " + reason)
          .detail(
              "It fails at the first transaction that commits after %s, and does so each time: what"
                      .formatted(Lsn.text(received))
                  + " it decodes by lacks that a table was truncated or rewritten. That happens"
                  + " when it falls into the moment in which the slot is made.")
          .hint("ALTER SINK … RESNAPSHOT makes a new slot and brings the topic in step.");
    }
    return switch (state) {
      case "57P01", "57P02", "57P03" ->
          Failure.of(
              Code.CONNECTION_LOST, "the walsender of slot \"" + slot + "\" was ended: " + reason);
      case "55006" -> Failure.of(Code.BUSY, reason);
      default ->
          Failure.of(
              state.startsWith("08") || PostgresFailures.reported(error)
                  ? Code.CONNECTION_LOST
                  : Code.INTERNAL,
              "reading slot \"" + slot + "\" failed: " + reason);
    };
  }

  /** The stream has come to changes from before the publication. */
  static Failure noPublication(String reason) {
    return Failure.of(Code.HISTORY_CHANGED, reason + " where the stream has come to")
        .detail(
            "PostgreSQL looks a publication up as it was at each change: changes from before it was"
                + " made cannot be read through it, even if it is there now.")
        .hint("Make sure that the publication exists, then ALTER SINK … RESNAPSHOT.");
  }
}
