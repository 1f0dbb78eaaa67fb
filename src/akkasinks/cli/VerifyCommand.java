package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    try (SqlClient client = SqlClient.of(arguments, console)) {
      return print(client.run(sql), sql, console);
    }
  }

  /** Quoted, so that the name is taken as it was given. */
  private static String statement(String sink) {
    return "VERIFY SINK \"" + sink.replace("\"", "\"\"") + "\"";
  }

  private static int print(List<Outcome> outcomes, String sql, Console console) {
    int status = SqlCommand.print(outcomes, sql, console);
    return status == 0 && holds(outcomes) ? 0 : 1;
  }

  /** One after the other, a line for each; true if all are equal. */
  static boolean all(List<String> sinks, SqlClient client, Console console)
      throws InterruptedException {
    boolean equal = true;
    for (String sink : sinks) {
      String sql = statement(sink);
      List<Outcome> outcomes = client.run(sql);
      if (holds(outcomes)) {
        console.out().println(line(sink, outcomes));
      } else {
        equal = false;
        print(outcomes, sql, console);
      }
    }
    return equal;
  }

  /** Whether the answer is that topic and table are equal. */
  private static boolean holds(List<Outcome> outcomes) {
    return !outcomes.isEmpty() && outcomes.stream().allMatch(VerifyCommand::equal);
  }

  /** The answer in one line. */
  private static String line(String sink, List<Outcome> outcomes) {
    Map<String, String> properties = new HashMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Rows rows) {
        rows.rows().forEach(row -> properties.put(row.get(0).orElse(""), row.get(1).orElse("")));
      }
    }
    return "%-18s %s: %s rows in the table, %s keys in the topic, %s equal; took %s"
        .formatted(
            sink,
            properties.getOrDefault("result", "?"),
            properties.getOrDefault("rows in table", "?"),
            properties.getOrDefault("keys in topic", "?"),
            properties.getOrDefault("equal", "?"),
            properties.getOrDefault("took", "?"));
  }

  /** The answer's first row is {@code result, equal}. */
  private static boolean equal(Outcome outcome) {
    return outcome instanceof Outcome.Rows rows
        && !rows.rows().isEmpty()
        && rows.rows().getFirst().equals(List.of(Optional.of("result"), Optional.of("equal")));
  }
}
