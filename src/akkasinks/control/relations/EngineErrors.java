package akkasinks.control.relations;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcException;

/** What the engine finds wrong with a query, in the product's words and at the user's place. */
final class EngineErrors {
  private static final Pattern NAMED = Pattern.compile("\"([^\"]+)\"");
  private static final Pattern EXPECTED =
      Pattern.compile("expected \"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
  private static final String MARKER = "[*]";
  private static final int SHOWN = 60;

  private EngineErrors() {}

  static Failure failure(SQLException error, QueryText query) {
    String message = message(error);
    return switch (error.getErrorCode()) {
      case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 -> syntax(message, query);
      case ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1 -> {
        String name = named(message);
        yield Failure.of(Code.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist")
            .hint(Relations.hint(name))
            .at(query.positionOf(name));
      }
      case ErrorCode.SCHEMA_NOT_FOUND_1 -> {
        String name = named(message);
        yield Failure.of(Code.UNDEFINED_TABLE, "schema \"" + name + "\" holds no such relation")
            .hint(Relations.hint(""))
            .at(query.positionOf(name));
      }
      case ErrorCode.COLUMN_NOT_FOUND_1 -> {
        String name = named(message);
        String last = name.substring(name.lastIndexOf('.') + 1);
        yield Failure.of(Code.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist")
            .at(query.positionOf(last));
      }
      case ErrorCode.FUNCTION_NOT_FOUND_1 ->
          Failure.of(Code.UNDEFINED_FUNCTION, message).at(query.positionOf(named(message)));
      case ErrorCode.STATEMENT_WAS_CANCELED ->
          Failure.of(Code.LIMIT, "the query takes too long")
              .hint("Join fewer relations, or add conditions on their ids.");
      case ErrorCode.DATA_CONVERSION_ERROR_1 -> Failure.of(Code.INVALID_PARAMETER, message);
      default -> {
        String state = String.valueOf(error.getSQLState());
        yield Failure.of(
            state.startsWith("22") ? Code.INVALID_PARAMETER : Code.INVALID_DEFINITION, message);
      }
    };
  }

  /** The statement that the engine appends is not the one the user wrote. */
  private static String message(SQLException error) {
    String whole =
        error instanceof JdbcException known
            ? known.getOriginalMessage()
            : String.valueOf(error.getMessage());
    return whole.replaceFirst("(?s); SQL statement:.*", "");
  }

  private static Failure syntax(String message, QueryText query) {
    int open = message.indexOf('"');
    int marker = message.indexOf(MARKER, open);
    int position = marker < 0 ? 0 : query.positionAt(marker - open - 1);
    Matcher expected = EXPECTED.matcher(message);
    String what =
        expected.find() && expected.group(1).length() <= SHOWN
            ? "syntax error in the query, expected " + expected.group(1)
            : "syntax error in the query";
    return Failure.of(Code.SYNTAX_ERROR, what).at(position);
  }

  private static String named(String message) {
    Matcher name = NAMED.matcher(message);
    return name.find() ? name.group(1) : "";
  }
}
