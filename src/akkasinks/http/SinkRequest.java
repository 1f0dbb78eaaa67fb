package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command.ColumnsChoice;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The body of {@code POST /api/sinks} as the command that CREATE SINK makes, so that both are
 * checked by the same rules.
 */
final class SinkRequest {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "if_not_exists",
          "from",
          "from_source",
          "connection",
          "topic",
          "key",
          "key_not_enforced",
          "headers",
          "omit_columns",
          "include_columns",
          "key_format",
          "format",
          "envelope",
          "envelope_options",
          "with",
          "options");

  private SinkRequest() {}

  /**
   * @throws FailureException INVALID_PARAMETER naming the field
   */
  static CreateSink parse(JsonNode body) {
    if (!body.isObject()) {
      throw wrong("the body is not a JSON object", "Send {\"name\": …, \"from\": …}.");
    }
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw wrong(
          "unknown field \"" + unknown.iterator().next() + "\"",
          "The fields are " + String.join(", ", new TreeSet<>(FIELDS)) + ".");
    }
    List<Option> connectionOptions = new ArrayList<>();
    if (body.hasNonNull("topic")) {
      connectionOptions.add(
          new Option("TOPIC", new OptionValue.Literal(text(body, "topic"), true), 0));
    }
    connectionOptions.addAll(options(body.path("options"), "options"));
    return new CreateSink(
        Name.of(text(body, "name")),
        flag(body, "if_not_exists"),
        body.hasNonNull("from_source")
            ? List.of(Name.of(text(body, "from_source")))
            : from(text(body, "from")),
        Name.of(text(body, "connection")),
        connectionOptions,
        names(body, "key"),
        flag(body, "key_not_enforced"),
        format(body, "format"),
        body.hasNonNull("envelope") ? Optional.of(keyword(body, "envelope")) : Optional.empty(),
        options(body.path("with"), "with"),
        Optional.empty(),
        body.hasNonNull("headers") ? Optional.of(Name.of(text(body, "headers"))) : Optional.empty(),
        columns(body),
        format(body, "key_format"),
        options(body.path("envelope_options"), "envelope_options"),
        body.hasNonNull("from_source"));
  }

  private static Optional<ColumnsChoice> columns(JsonNode body) {
    List<Name> omit = names(body, "omit_columns");
    List<Name> include = names(body, "include_columns");
    if (!omit.isEmpty() && !include.isEmpty()) {
      throw wrong("only one of \"omit_columns\" and \"include_columns\" can be given", "");
    }
    return omit.isEmpty() && include.isEmpty()
        ? Optional.empty()
        : Optional.of(new ColumnsChoice(include.isEmpty(), omit.isEmpty() ? include : omit));
  }

  private static String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      throw wrong("field \"" + field + "\" is missing", "");
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw wrong("field \"" + field + "\" must be a text that is not empty", "");
    }
    return value.textValue();
  }

  /** As SQL folds it. */
  private static Name keyword(JsonNode body, String field) {
    return Name.of(text(body, field).toLowerCase(Locale.ROOT));
  }

  private static boolean flag(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong("field \"" + field + "\" must be true or false", "");
    }
    return value.booleanValue();
  }

  /** One to three names with dots between, as in SQL. */
  private static List<Name> from(String path) {
    List<Name> names = new ArrayList<>();
    for (String part : path.split("\\.", -1)) {
      if (part.isBlank()) {
        throw wrong("field \"from\" has an empty name in \"" + path + "\"", "");
      }
      names.add(Name.of(part));
    }
    if (names.size() > 3) {
      throw wrong(
          "field \"from\" has more than three names in \"" + path + "\"",
          "Write table, source.table or source.schema.table.");
    }
    return names;
  }

  private static List<Name> names(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(
          "field \"" + field + "\" must be a list of column names", "For example [\"id\"].");
    }
    List<Name> key = new ArrayList<>();
    for (JsonNode column : value) {
      if (!column.isTextual()) {
        throw wrong(
            "field \"" + field + "\" must be a list of column names", "For example [\"id\"].");
      }
      key.add(Name.of(column.textValue()));
    }
    return key;
  }

  /** A name, or an object with the name and its options. */
  private static Optional<FormatChoice> format(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    JsonNode named =
        value.isTextual() ? JsonNodeFactory.instance.objectNode().set("name", value) : value;
    if (!named.isObject()) {
      throw wrong(
          "field \"" + field + "\" must be a name or an object",
          "For example \"JSON\" or {\"name\": \"JSON\", \"options\": {\"BYTES\": \"base64\"}}.");
    }
    return Optional.of(
        new FormatChoice(
            keyword(named, "name"),
            Optional.of(named.path("registry"))
                .filter(JsonNode::isTextual)
                .map(n -> Name.of(n.textValue())),
            options(named.path("options"), field + ".options")));
  }

  private static List<Option> options(JsonNode value, String field) {
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isObject()) {
      throw wrong("field \"" + field + "\" must be an object of option names and values", "");
    }
    List<Option> options = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      // Kafka properties, known by their dots, keep their case, as in SQL.
      String name =
          entry.getKey().contains(".")
              ? entry.getKey()
              : entry.getKey().toUpperCase(Locale.ROOT).replace('_', ' ');
      options.add(new Option(name, optionValue(entry.getValue(), entry.getKey()), 0));
    }
    return options;
  }

  private static OptionValue optionValue(JsonNode value, String option) {
    if (value.isTextual()) {
      return new OptionValue.Literal(value.textValue(), true);
    }
    if (value.isNumber() || value.isBoolean()) {
      return new OptionValue.Literal(value.asText(), false);
    }
    if (value.isNull()) {
      return new OptionValue.None();
    }
    if (value.isArray()) {
      List<OptionValue> many = new ArrayList<>();
      value.forEach(
          one -> {
            if (one.isContainerNode()) {
              throw wrong("option \"" + option + "\" has a list or object within its list", "");
            }
            many.add(optionValue(one, option));
          });
      return new OptionValue.Many(many);
    }
    if (value.size() == 1 && value.path("secret").isTextual()) {
      return new OptionValue.SecretName(value.path("secret").textValue());
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (!entry.getValue().isValueNode()) {
        throw wrong("option \"" + option + "\" has a list or object within its object", "");
      }
      entries.put(entry.getKey(), entry.getValue().asText());
    }
    return new OptionValue.Entries(entries);
  }

  private static FailureException wrong(String message, String hint) {
    return Failure.of(Code.INVALID_PARAMETER, message).hint(hint).exception();
  }
}
