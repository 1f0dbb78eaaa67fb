package akkasinks.control.relations;

import akkasinks.base.Nearest;
import akkasinks.command.Command;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import akkasinks.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Answers queries over the relations there are. */
public final class Relations {
  static final List<Declared> ALL =
      Stream.of(ObjectRelations.ALL, StatusRelations.ALL, PostgresRelations.ALL)
          .flatMap(List::stream)
          .toList();

  private static final String SHOWN = "shown";
  private static final List<Word> SHOWN_WHERE =
      List.of(
          new Word(WordKind.NAME, "select", 0),
          new Word(WordKind.SYMBOL, "*", 0),
          new Word(WordKind.NAME, "from", 0),
          new Word(WordKind.NAME, SHOWN, 0),
          new Word(WordKind.NAME, "where", 0),
          new Word(WordKind.SYMBOL, "(", 0));

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

  /** The rows that a condition over their columns holds for, in their order. */
  public static Outcome narrow(Outcome.Rows rows, List<Word> condition) {
    List<Relation.Column> columns = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      columns.add(new Relation.Column(rows.columns().get(i), rows.type(i)));
    }
    List<Word> words = new ArrayList<>(SHOWN_WHERE);
    words.addAll(condition);
    words.add(new Word(WordKind.SYMBOL, ")", 0));
    QueryText query = new QueryText(new Command.Select(words));
    Outcome.Rows narrowed =
        ScratchDatabase.answer(query, List.of(new Relation("public", SHOWN, columns, rows.rows())));
    return new Outcome.Rows(
        rows.tag(), rows.columns(), narrowed.rows(), rows.notices(), rows.types());
  }

  static String hint(String name) {
    return Nearest.to(name, ALL.stream().map(Declared::name))
        .map(near -> "did you mean \"" + near + "\"?")
        .orElse("docs/relations.md lists the relations.");
  }
}
