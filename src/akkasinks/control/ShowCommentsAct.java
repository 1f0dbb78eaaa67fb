package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** SHOW COMMENTS: those on columns too, which no other SHOW has a place for. */
record ShowCommentsAct(Statements statements) implements Act<Command.ShowComments> {
  @Override
  public Outcome carryOut(Command.ShowComments command) {
    var state = statements.state();
    var table = new Table("SHOW", "name", "type", "relation", "column", "comment");
    for (var comment : state.comments()) {
      var on = state.definitions().get(comment.id());
      if (on != null) {
        var relation = comment.schema() + "." + comment.table();
        table.row(
            on.name(),
            comment.column().isEmpty() ? Lookup.word(on) : "column",
            comment.column().isEmpty() ? "" : relation,
            comment.column(),
            comment.text());
      }
    }
    return table.outcome();
  }
}
