package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Failures and notices as JSON, in Materialize's fields; what is empty is left out. */
final class ErrorBody {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ErrorBody() {}

  /** {@code {"message", "code", "detail"?, "hint"?, "position"?}}. */
  static ObjectNode of(Failure failure) {
    ObjectNode error = JSON.objectNode();
    error.put("message", failure.message());
    error.put("code", failure.code().sqlState());
    more(error, failure.detail(), failure.hint());
    if (failure.position() > 0) {
      error.put("position", failure.position());
    }
    return error;
  }

  static ArrayNode of(List<Notice> notices) {
    ArrayNode all = JSON.arrayNode();
    for (Notice notice : notices) {
      ObjectNode one = all.addObject();
      one.put("message", notice.message());
      one.put("severity", "notice");
      more(one, notice.detail(), notice.hint());
    }
    return all;
  }

  private static void more(ObjectNode target, String detail, String hint) {
    if (!detail.isEmpty()) {
      target.put("detail", detail);
    }
    if (!hint.isEmpty()) {
      target.put("hint", hint);
    }
  }

  /**
   * @param addressed whether the request's address names the object, so that a missing one is Not
   *     Found rather than a bad request
   */
  static int status(Code code, boolean addressed) {
    return switch (code) {
      case UNDEFINED_OBJECT -> addressed ? 404 : 400;
      case SYNTAX_ERROR,
          INVALID_PARAMETER,
          UNDEFINED_TABLE,
          UNDEFINED_COLUMN,
          UNDEFINED_FUNCTION,
          UNDEFINED_PARAMETER,
          UNDEFINED_STATEMENT,
          UNDEFINED_CURSOR,
          DUPLICATE_STATEMENT,
          FAILED_TRANSACTION,
          PROTOCOL,
          CANCELED,
          DUPLICATE_COLUMN,
          INVALID_DEFINITION,
          NOT_SUPPORTED,
          AUTHENTICATION,
          LIMIT,
          DATA,
          KEY_MISSING ->
          400;
      case WRONG_PASSWORD -> 401;
      case PRIVILEGE -> 403;
      case DUPLICATE_OBJECT,
          RESERVED_NAME,
          DEPENDENT_OBJECTS,
          PREREQUISITE,
          FENCED,
          HISTORY_CHANGED,
          SCHEMA_CHANGED ->
          409;
      case UNREACHABLE, CONNECTION_LOST, BUSY, TOO_MANY, SHUTDOWN -> 503;
      case INTERNAL -> 500;
    };
  }
}
