package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code akkasinks sql [-f file] ["statements"] [--url url]}: statements on a running node. */
final class SqlCommand {
  private SqlCommand() {}

  /** Exit status 0, or 1 if a statement failed. */
  static int run(List<String> words, Console console) throws IOException, InterruptedException {
    Arguments arguments = Arguments.parse(words, Set.of("-f", "--file", "--url"), Set.of());
    String sql = text(arguments, console);
    try (SqlClient client = SqlClient.of(arguments, console)) {
      return print(client.run(sql), sql, console);
    }
  }

  /** Prints outcomes as psql does; 1 if one is a failure. */
  static int print(List<Outcome> outcomes, String sql, Console console) {
    int status = 0;
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Done done -> {
          done.notices().forEach(notice -> console.err().print(Print.notice(notice)));
          console.out().println(done.tag());
        }
        case Outcome.Rows rows -> {
          rows.notices().forEach(notice -> console.err().print(Print.notice(notice)));
          console.out().println(Print.table(rows.columns(), rows.rows()));
        }
        case Outcome.Failed failed -> {
          console.out().flush();
          console.err().print(Print.failure(failed.failure(), sql));
          status = 1;
        }
      }
    }
    return status;
  }

  private static String text(Arguments arguments, Console console) throws IOException {
    var file = arguments.option("-f").or(() -> arguments.option("--file"));
    if (file.isPresent() && !arguments.rest().isEmpty()) {
      throw Failure.of(Code.INVALID_PARAMETER, "both a file and a statement are given")
          .hint("Quote the statement as one word, or leave out -f.")
          .exception();
    }
    if (file.isPresent() && !file.get().equals("-")) {
      try {
        return Files.readString(Path.of(file.get()));
      } catch (NoSuchFileException e) {
        throw Failure.of(Code.INVALID_PARAMETER, "there is no file " + file.get()).exception(e);
      } catch (MalformedInputException e) {
        throw Failure.of(Code.INVALID_PARAMETER, "file " + file.get() + " is not text in UTF-8")
            .exception(e);
      }
    }
    return arguments.rest().isEmpty()
        ? new String(console.in().readAllBytes(), StandardCharsets.UTF_8)
        : String.join(" ", arguments.rest());
  }
}
