package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogEvent.CommentSet;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Comment;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Feed;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import akkasinks.pipeline.Inspections.Columns;
import java.util.List;
import java.util.Optional;

/** COMMENT ON: of a column, the source is asked whether there is one. */
record CommentAct(Statements statements, Inspections inspections)
    implements Act<Command.CommentOn> {

  @Override
  public Outcome carryOut(Command.CommentOn command) {
    return Statements.done(statements.record(new Looked(command, inspections)));
  }

  private record Subject(Feed feed, String schema, String table) {}

  private record Looked(Command.CommentOn command, Inspections inspections)
      implements Look<Subject, Columns> {
    @Override
    public Plan plan(CatalogState state) {
      return new Planner(state).comment(command);
    }

    @Override
    public Optional<Subject> subject(CatalogState state, Plan plan) {
      var comment = comment(plan);
      if (!comment.column().isEmpty()
          && state.definitions().get(comment.id()) instanceof Source source
          && state.definitions().get(source.connectionId()) instanceof Connection from) {
        return Optional.of(new Subject(Feed.of(source, from), comment.schema(), comment.table()));
      }
      return Optional.empty();
    }

    @Override
    public Columns look(Subject subject) {
      return inspections.columns(subject.feed(), subject.schema(), subject.table());
    }

    @Override
    public Plan complete(Plan plan, Columns seen) {
      var comment = comment(plan);
      if (!seen.names().contains(comment.column())) {
        throw Failure.of(
                Code.UNDEFINED_COLUMN,
                "column \"%s.%s\" does not exist".formatted(comment.table(), comment.column()))
            .hint(Nearest.hint(comment.column(), seen.names().stream()))
            .at(place())
            .exception();
      }
      CatalogEvent found =
          new CommentSet(
              new Comment(
                  comment.id(), seen.schema(), seen.table(), comment.column(), comment.text()));
      return new Plan(plan.tag(), List.of(found), plan.notices());
    }

    private int place() {
      return command.on() instanceof Command.Commented.Column(var path)
          ? path.getLast().position()
          : 0;
    }

    private static Comment comment(Plan plan) {
      return plan.events().stream()
          .filter(CommentSet.class::isInstance)
          .map(event -> ((CommentSet) event).comment())
          .findFirst()
          .orElseThrow();
    }
  }
}
