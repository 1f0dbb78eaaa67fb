package akkasinks.control.relations;

import akkasinks.base.Nearest;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** Answers queries over the relations there are. */
public final class Relations {
  static final List<Declared> ALL =
      Stream.of(ObjectRelations.ALL, StatusRelations.ALL, PostgresRelations.ALL)
          .flatMap(List::stream)
          .toList();

  private Relations() {}

  /**
   * Blocks.
   *
   * @throws akkasinks.base.FailureException for whatever is wrong with the query, at its place
   */
  public static Outcome answer(Command.Select select, Seen seen) {
    QueryText query = new QueryText(select);
    List<Relation> named =
        ALL.stream()
            .filter(relation -> query.mentions(relation.name()))
            .map(relation -> relation.filled(seen))
            .toList();
    return ScratchDatabase.answer(query, named);
  }

  static String hint(String name) {
    return Nearest.to(name, ALL.stream().map(Declared::name))
        .map(near -> "did you mean \"" + near + "\"?")
        .orElse("docs/relations.md lists the relations.");
  }
}
