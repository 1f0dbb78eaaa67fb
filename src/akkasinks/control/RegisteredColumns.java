package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition;
import akkasinks.command.Command.ColumnDeclaration;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.format.input.SchemaColumns;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The columns of a Kafka source whose statement leaves them to a registry: those of its newest
 * schema, declared from then on, so that a later schema changes no relation.
 */
record RegisteredColumns(Statements statements, Inspections inspections) {

  /** The statement with its columns, if it has none and its values are in a registry's schemas. */
  CreateKafkaSource into(CreateKafkaSource command) {
    var state = statements.state();
    var format = command.format().filter(f -> f.registry().isPresent());
    var topic = topic(command);
    if (!command.columns().isEmpty()
        || format.isEmpty()
        || topic.isEmpty()
        || state.find(command.name().text()).isPresent()) {
      return command;
    }
    return format
        .flatMap(FormatChoice::registry)
        .flatMap(name -> state.find(name.text()))
        .filter(Definition.RegistryConnection.class::isInstance)
        .map(Definition.RegistryConnection.class::cast)
        .map(registry -> declared(command, format.get(), registry, topic.get()))
        .map(command::withColumns)
        // What is wrong with the connection, the planner says.
        .orElse(command);
  }

  private List<ColumnDeclaration> declared(
      CreateKafkaSource command,
      FormatChoice format,
      Definition.RegistryConnection registry,
      String topic) {
    String subject = SchemaRegistry.valuesOf(topic);
    RegisteredSchema schema = inspections.latestSchema(registry, subject);
    if (!schema.kind().equals(format.name().text().toUpperCase(Locale.ROOT))) {
      throw refused(subject, "it is of kind " + schema.kind(), format.name());
    }
    boolean debezium =
        command.envelope().filter(e -> e.text().equalsIgnoreCase("debezium")).isPresent();
    try {
      return SchemaColumns.of(schema, debezium).stream()
          .map(
              c ->
                  new ColumnDeclaration(
                      Name.of(c.name()),
                      Name.of(c.type().name().toLowerCase(Locale.ROOT)),
                      !c.nullable()))
          .toList();
    } catch (IllegalArgumentException e) {
      throw refused(subject, String.valueOf(e.getMessage()), format.name());
    }
  }

  private static RuntimeException refused(String subject, String why, Name at) {
    return Failure.of(
            Code.NOT_SUPPORTED,
            "the newest schema of subject \"%s\" tells no columns: %s".formatted(subject, why))
        .hint("Declare those that you want: CREATE SOURCE s (id int8, …) FROM KAFKA ….")
        .at(at.position())
        .exception();
  }

  private static Optional<String> topic(CreateKafkaSource command) {
    return command.options().stream()
        .filter(o -> o.name().equals("TOPIC"))
        .map(Option::value)
        .filter(Literal.class::isInstance)
        .map(value -> ((Literal) value).text())
        .findFirst();
  }
}
