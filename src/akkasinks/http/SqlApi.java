package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.session.Session;
import akkasinks.sql.Parameters;
import akkasinks.sql.Parsed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code POST /api/sql} in Materialize's shape: {@code {"query": "…"}} with any number of
 * statements, or {@code {"queries": [{"query": "…"}, …]}} with one statement each. The answer has
 * one result per statement run; the first error is the last result.
 *
 * <p>A text is understood as a whole before any of it runs, so a syntax error changes nothing.
 */
final class SqlApi {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Function<Command, CompletionStage<Outcome>> execute;

  SqlApi(Function<Command, CompletionStage<Outcome>> execute) {
    this.execute = execute;
  }

  /**
   * @throws FailureException if the body is not such a request; what is wrong with a statement is
   *     in the answer
   */
  CompletionStage<ObjectNode> run(JsonNode body) {
    List<String> texts = texts(body);
    boolean single = body.has("queries");
    ArrayNode results = JSON.arrayNode();
    Session session = new Session(execute);
    List<Parsed> statements = new ArrayList<>();
    CompletionStage<Void> done;
    try {
      for (String text : texts) {
        statements.addAll(parsed(session, text, single));
      }
      done = session.run(statements, outcome -> results.add(result(outcome)));
    } catch (FailureException e) {
      results.add(failed(e.failure()));
      done = CompletableFuture.completedFuture(null);
    }
    return done.thenApply(nothing -> JSON.objectNode().set("results", results));
  }

  private static List<String> texts(JsonNode body) {
    if (body.path("query").isTextual()) {
      return List.of(body.path("query").textValue());
    }
    if (!body.path("queries").isArray()) {
      throw bad("the body has no text \"query\" and no list \"queries\"");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode one : body.path("queries")) {
      if (!one.path("query").isTextual()) {
        throw bad("an element of \"queries\" has no text \"query\"");
      }
      if (one.path("params").size() > 0) {
        throw Failure.of(Code.NOT_SUPPORTED, "parameters are not supported")
            .hint("Write the values into the statement.")
            .exception();
      }
      texts.add(one.path("query").textValue());
    }
    return texts;
  }

  private static FailureException bad(String what) {
    return Failure.of(Code.INVALID_PARAMETER, what)
        .hint("Send {\"query\": \"SHOW SINKS\"}.")
        .exception();
  }

  private static List<Parsed> parsed(Session session, String text, boolean single) {
    List<Parsed> statements = session.parse(text, Parameters.none());
    if (single && statements.size() != 1) {
      throw Failure.of(
              Code.SYNTAX_ERROR,
              "each of \"queries\" takes one statement, this one has " + statements.size())
          .hint("Send several statements as one \"query\".")
          .exception();
    }
    return statements;
  }

  private static ObjectNode result(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> {
        ObjectNode result = JSON.objectNode();
        result.put("ok", done.tag());
        result.set("notices", ErrorBody.of(done.notices()));
        yield result;
      }
      case Outcome.Rows rows -> table(rows);
      case Outcome.Failed failed -> failed(failed.failure());
    };
  }

  private static ObjectNode failed(Failure failure) {
    ObjectNode result = JSON.objectNode();
    result.set("error", ErrorBody.of(failure));
    result.set("notices", JSON.arrayNode());
    return result;
  }

  static ObjectNode table(Outcome.Rows rows) {
    ObjectNode result = JSON.objectNode();
    result.put("tag", rows.tag());
    ArrayNode columns = result.putObject("desc").putArray("columns");
    for (int i = 0; i < rows.columns().size(); i++) {
      ObjectNode column = columns.addObject();
      column.put("name", rows.columns().get(i));
      column.put("type_oid", rows.type(i).oid());
      column.put("type_len", rows.type(i).length());
      column.put("type_mod", -1);
    }
    ArrayNode all = result.putArray("rows");
    for (List<Optional<String>> row : rows.rows()) {
      ArrayNode cells = all.addArray();
      row.forEach(cell -> cell.ifPresentOrElse(cells::add, cells::addNull));
    }
    result.set("notices", ErrorBody.of(rows.notices()));
    return result;
  }
}
