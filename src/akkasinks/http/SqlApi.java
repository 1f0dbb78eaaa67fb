package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.sql.Parsed;
import akkasinks.sql.Statements;
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
  private static final int TEXT_OID = 25;

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
    List<Command> commands = new ArrayList<>();
    Optional<Failure> wrong = Optional.empty();
    try {
      for (String text : texts) {
        commands.addAll(commands(text, single));
      }
    } catch (FailureException e) {
      wrong = Optional.of(e.failure());
    }
    CompletionStage<Void> done =
        wrong.isPresent() ? failed(results, wrong.get()) : from(commands, 0, results);
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

  private static List<Command> commands(String text, boolean single) {
    List<Command> commands = Statements.parse(text).stream().map(Parsed::command).toList();
    if (single && commands.size() != 1) {
      throw Failure.of(
              Code.SYNTAX_ERROR,
              "each of \"queries\" takes one statement, this one has " + commands.size())
          .hint("Send several statements as one \"query\".")
          .exception();
    }
    return commands;
  }

  private CompletionStage<Void> from(List<Command> commands, int next, ArrayNode results) {
    if (next == commands.size()) {
      return CompletableFuture.completedFuture(null);
    }
    return asked(commands.get(next))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case Outcome.Done done -> {
                    ObjectNode result = results.addObject();
                    result.put("ok", done.tag());
                    result.set("notices", ErrorBody.of(done.notices()));
                    yield from(commands, next + 1, results);
                  }
                  case Outcome.Rows rows -> {
                    results.add(table(rows));
                    yield from(commands, next + 1, results);
                  }
                  case Outcome.Failed failed -> failed(results, failed.failure());
                });
  }

  /** An outcome in any case: what the cluster throws is a failure, too. */
  private CompletionStage<Outcome> asked(Command command) {
    CompletionStage<Outcome> outcome;
    try {
      outcome = execute.apply(command);
    } catch (RuntimeException e) {
      outcome = CompletableFuture.failedFuture(e);
    }
    return outcome.exceptionally(error -> new Outcome.Failed(FailureException.of(error)));
  }

  private static CompletionStage<Void> failed(ArrayNode results, Failure failure) {
    ObjectNode result = results.addObject();
    result.set("error", ErrorBody.of(failure));
    result.set("notices", JSON.arrayNode());
    return CompletableFuture.completedFuture(null);
  }

  static ObjectNode table(Outcome.Rows rows) {
    ObjectNode result = JSON.objectNode();
    result.put("tag", rows.tag());
    ArrayNode columns = result.putObject("desc").putArray("columns");
    for (String name : rows.columns()) {
      ObjectNode column = columns.addObject();
      column.put("name", name);
      column.put("type_oid", TEXT_OID);
      column.put("type_len", -1);
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
