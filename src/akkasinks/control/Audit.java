package akkasinks.control;

import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.sql.StatementText;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, from where: one line for each statement and login, on a logger of its own, so that
 * a node's logback.xml can send it elsewhere. A statement of hours is told of when it ends.
 */
final class Audit {
  /** Named in docs/security.md. */
  static final String NAME = "akkasinks.audit";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);
  private static final int LONGEST = 8_000;

  private Audit() {}

  static void statement(Asker asker, Command command, Outcome outcome) {
    LOG.info(
        "{} outcome={} statement={}",
        who(asker),
        switch (outcome) {
          case Outcome.Done _, Outcome.Rows _ -> "accepted";
          case Outcome.Failed(var failure) -> failure.code().sqlState();
        },
        line(
            outcome instanceof Outcome.Failed
                ? StatementText.subject(command)
                : StatementText.of(command)));
  }

  static void login(Asker asker) {
    LOG.info("{} outcome=accepted login", who(asker));
  }

  /**
   * @param role as the client gave it
   */
  static void refusedLogin(String role, String from, Asker.Login way) {
    LOG.info("role={} login={} from={} outcome=28P01 login", line(role), way(way), from);
  }

  private static String who(Asker asker) {
    return "role=%s login=%s from=%s"
        .formatted(line(asker.name()), way(asker.login()), asker.from());
  }

  private static String way(Asker.Login login) {
    return login.name().toLowerCase(Locale.ROOT);
  }

  /** On one line, whatever a client put into it: a line break would forge a second entry. */
  private static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (c == '\n') {
                line.append("\\n");
              } else if (Character.isISOControl(c)
                  || Character.getType(c) == Character.FORMAT
                  || c == 0x2028
                  || c == 0x2029) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return text.length() > LONGEST ? line + "…" : line.toString();
  }
}
