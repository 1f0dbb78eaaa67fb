package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Planner;
import akkasinks.catalog.SinkInspection;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Optional;

/** EXPLAIN KEY or VALUE SCHEMA: the schema that a CREATE SINK would register. Makes nothing. */
record ExplainSchemaAct(Statements statements, Inspections inspections)
    implements Act<Command.ExplainSchema> {

  @Override
  public Outcome carryOut(Command.ExplainSchema command) {
    if (command.sink().wholeSource()) {
      throw Failure.of(Code.NOT_SUPPORTED, "EXPLAIN SCHEMA is not supported with FROM SOURCE")
          .hint("Name one of the source's tables: FROM source.table.")
          .at(command.sink().from().getFirst().position())
          .exception();
    }
    var statement =
        SinkInspection.keyed(command.sink(), () -> Optional.of(uniqueKeys(command.sink())));
    if (command.key() && statement.key().isEmpty()) {
      throw Failure.of(Code.NOT_SUPPORTED, "CREATE SINK does not have a key")
          .hint("Add KEY (…), or EXPLAIN VALUE SCHEMA.")
          .exception();
    }
    var planned = planned(statements.state(), statement);
    var source = inspections.inspectRelation(planned);
    var sink =
        planned.with(
            SinkInspection.complete(
                planned.sink(),
                statement,
                source.relation(),
                source.keyIsUnique(),
                source.uniqueKeys(),
                source.comments()));
    var schema = inspections.schema(sink, source.relation(), command.key());
    return new Table("EXPLAIN", "schema").row(schema).outcome();
  }

  private List<List<String>> uniqueKeys(Command.CreateSink statement) {
    return inspections.inspectRelation(planned(statements.state(), statement)).uniqueKeys();
  }

  private static ResolvedSink planned(CatalogState state, Command.CreateSink statement) {
    for (var event : new Planner(state).explainSink(statement).events()) {
      if (event instanceof CatalogEvent.SinkCreated created) {
        return state.apply(created).resolve(created.sink().id()).orElseThrow();
      }
    }
    throw Failure.of(Code.INTERNAL, "a sink was planned without its definition").exception();
  }
}
