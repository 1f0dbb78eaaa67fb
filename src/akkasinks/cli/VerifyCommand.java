package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code akkasinks verify SINK [--url url]}: does the sink's topic equal its table? */
final class VerifyCommand {
  private VerifyCommand() {}

  /** Exit status 0 if they are equal, 1 if they differ or could not be compared. */
  static int run(List<String> words, Console console) throws InterruptedException {
    Arguments arguments = Arguments.parse(words, Set.of("--url"), Set.of());
    if (arguments.rest().size() != 1) {
      throw Failure.of(Code.INVALID_PARAMETER, "verify needs the name of one sink")
          .hint("For example: akkasinks verify orders_sink")
          .exception();
    }
    String sql = statement(arguments.rest().getFirst());
    try (SqlClient client = new SqlClient(SqlClient.url(arguments, console))) {
      return print(client.run(sql), sql, console);
    }
  }

  /** Quoted, so that the name is taken as it was given. */
  static String statement(String sink) {
    return "VERIFY SINK \"" + sink.replace("\"", "\"\"") + "\"";
  }

  static int print(List<Outcome> outcomes, String sql, Console console) {
    int status = SqlCommand.print(outcomes, sql, console);
    return status == 0 && outcomes.stream().allMatch(VerifyCommand::equal) ? 0 : 1;
  }

  /** The answer's first row is {@code result, equal}. */
  static boolean equal(Outcome outcome) {
    return outcome instanceof Outcome.Rows rows
        && !rows.rows().isEmpty()
        && rows.rows().getFirst().equals(List.of(Optional.of("result"), Optional.of("equal")));
  }
}
