package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Definition.Table;
import akkasinks.catalog.Definition.Tables;
import akkasinks.command.Command.Name;
import akkasinks.sql.Printer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which relation of which source {@code FROM a}, {@code FROM a.b} or {@code FROM a.b.c} means.
 *
 * <p>If the first of several names is a source's, it is taken as the source; else as a schema. A
 * source of all tables, or of schemas, takes any table here: whether it exists is seen in the
 * database.
 */
final class FromClause {
  private final CatalogState state;
  private final List<Name> written;

  /**
   * @param schema empty if only the database can tell
   */
  record Choice(Source source, String schema, String table, List<Name> canonical) {}

  private FromClause(CatalogState state, List<Name> written) {
    this.state = state;
    this.written = written;
  }

  static Choice resolve(CatalogState state, List<Name> written) {
    return new FromClause(state, written).choice();
  }

  /** The source of {@code FROM SOURCE}. */
  static Choice whole(CatalogState state, Name name) {
    return switch (Lookup.find(state, name, Source.class)) {
      case PostgresSource tables -> new Choice(tables, "", "", List.of(Name.of(tables.name())));
      case KafkaSource topic ->
          throw Failure.of(Code.NOT_SUPPORTED, "FROM SOURCE is only supported for POSTGRES sources")
              .hint(
                  "\"%s\" is one relation: write FROM %s."
                      .formatted(topic.name(), Printer.name(topic.name())))
              .at(name.position())
              .exception();
    };
  }

  private Choice choice() {
    Optional<Choice> topic = topic();
    if (topic.isPresent()) {
      return topic.get();
    }
    Optional<PostgresSource> named = named();
    List<String> names = written.stream().map(Name::text).toList();
    if (named.isPresent() && names.size() > 1) {
      return in(named.get(), names.subList(1, names.size())).orElseThrow(this::unknown);
    }
    if (names.size() > 2) {
      throw unknown();
    }
    List<Choice> choices =
        state.all(PostgresSource.class).stream()
            .flatMap(source -> in(source, names).stream())
            .toList();
    boolean listed =
        choices.stream()
            .anyMatch(
                c ->
                    c.source() instanceof PostgresSource tables
                        && tables.tables() instanceof Tables.Listed);
    if (named.isPresent() && !listed) {
      throw notARelation(named.get());
    }
    if (choices.isEmpty()) {
      throw state.find(written.getFirst().text()).map(this::notARelation).orElseGet(this::unknown);
    }
    if (choices.size() > 1) {
      throw ambiguous(choices);
    }
    return choices.getFirst();
  }

  /** A Kafka source is a relation by itself; a table of that name is reached by its source's. */
  private Optional<Choice> topic() {
    return state
        .find(written.getFirst().text())
        .filter(KafkaSource.class::isInstance)
        .map(KafkaSource.class::cast)
        .map(
            source -> {
              if (written.size() > 1) {
                throw failure(
                    Code.UNDEFINED_TABLE,
                    "unknown relation \"" + writtenPath() + "\"",
                    "\"%s\" is one relation: write FROM %s."
                        .formatted(source.name(), Printer.name(source.name())));
              }
              return new Choice(source, "", source.topic(), List.of(Name.of(source.name())));
            });
  }

  private Optional<PostgresSource> named() {
    return state
        .find(written.getFirst().text())
        .filter(PostgresSource.class::isInstance)
        .map(PostgresSource.class::cast);
  }

  /** The relation within one source, named by table, or by schema and table. */
  private Optional<Choice> in(PostgresSource source, List<String> names) {
    String table = names.getLast();
    String schema = names.size() > 1 ? names.getFirst() : "";
    return switch (source.tables()) {
      case Tables.All() -> Optional.of(new Choice(source, schema, table, canonical(source, names)));
      case Tables.Schemas(List<String> schemas) -> inSchemas(source, schemas, names);
      case Tables.Listed(List<Table> tables) ->
          tables.stream()
              .filter(
                  t ->
                      schema.isEmpty()
                          ? t.alias().equals(table)
                          : t.schema().equals(schema) && t.name().equals(table))
              .findFirst()
              .map(
                  t ->
                      new Choice(
                          source, t.schema(), t.name(), canonical(source, List.of(t.alias()))));
    };
  }

  private Optional<Choice> inSchemas(
      PostgresSource source, List<String> schemas, List<String> names) {
    String table = names.getLast();
    if (names.size() > 1) {
      return schemas.contains(names.getFirst())
          ? Optional.of(new Choice(source, names.getFirst(), table, canonical(source, names)))
          : Optional.empty();
    }
    if (schemas.size() > 1) {
      throw failure(
          Code.INVALID_DEFINITION,
          "source \""
              + source.name()
              + "\" has several schemas: which one \""
              + table
              + "\" is in"
              + " must be said",
          "Write " + path(List.of(source.name(), schemas.getFirst(), table)) + ".");
    }
    List<String> full = List.of(schemas.getFirst(), table);
    return Optional.of(new Choice(source, schemas.getFirst(), table, canonical(source, full)));
  }

  private static List<Name> canonical(PostgresSource source, List<String> names) {
    return Stream.concat(Stream.of(source.name()), names.stream()).map(Name::of).toList();
  }

  private FailureException ambiguous(List<Choice> choices) {
    return failure(
        Code.INVALID_DEFINITION,
        "relation \"" + writtenPath() + "\" is ambiguous",
        "Write "
            + choices.stream()
                .map(c -> path(c.canonical().stream().map(Name::text).toList()))
                .collect(Collectors.joining(" or "))
            + ".");
  }

  private FailureException notARelation(Definition definition) {
    return failure(
        Code.INVALID_DEFINITION,
        Lookup.word(definition) + " " + definition.name() + " cannot be exported as a sink",
        definition instanceof PostgresSource
            ? "Name one of its tables, "
                + path(List.of(definition.name(), "its_table"))
                + "; or write FROM SOURCE for all of them."
            : "A sink is made from a table of a source.");
  }

  private FailureException unknown() {
    if (state.all(Source.class).isEmpty()) {
      return failure(
          Code.UNDEFINED_TABLE,
          "unknown relation \"" + writtenPath() + "\"",
          "There is no source yet: CREATE SOURCE makes one.");
    }
    Stream<String> known =
        Stream.concat(
            state.all(KafkaSource.class).stream().map(source -> Printer.name(source.name())),
            state.all(PostgresSource.class).stream().flatMap(this::namesOf));
    return failure(
        Code.UNDEFINED_TABLE,
        "unknown relation \"" + writtenPath() + "\"",
        Nearest.hint(writtenPath(), known));
  }

  private Stream<String> namesOf(PostgresSource source) {
    if (source.tables() instanceof Tables.Listed(List<Table> tables)) {
      return tables.stream()
          .flatMap(
              t -> Stream.of(Printer.name(t.alias()), path(List.of(source.name(), t.alias()))));
    }
    List<String> names = written.stream().map(Name::text).toList();
    List<String> behind = names.size() > 1 ? names.subList(1, names.size()) : names;
    return Stream.of(path(Stream.concat(Stream.of(source.name()), behind.stream()).toList()));
  }

  private String writtenPath() {
    return path(written.stream().map(Name::text).toList());
  }

  private static String path(List<String> names) {
    return names.stream().map(Printer::name).collect(Collectors.joining("."));
  }

  private FailureException failure(Code code, String message, String hint) {
    return Failure.of(code, message).hint(hint).at(written.getFirst().position()).exception();
  }
}
