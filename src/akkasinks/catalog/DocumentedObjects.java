package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Documentation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What DOC ON can speak of: the relation, the composite types within, and their columns. */
final class DocumentedObjects {
  private DocumentedObjects() {}

  /**
   * Only the relation knows what there is to be described.
   *
   * @param written the options that {@code docs} came from, and others
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT, UNDEFINED_COLUMN
   */
  static void check(List<Doc> docs, List<Option> written, Relation relation) {
    var places = written.stream().filter(o -> o.value() instanceof Documentation).toList();
    for (int i = 0; i < docs.size(); i++) {
      check(docs.get(i), relation, i < places.size() ? places.get(i).position() : 0);
    }
  }

  private static void check(Doc doc, Relation relation, int position) {
    var columns = doc.type().map(type -> attributes(type, relation, position));
    var known = columns.orElseGet(() -> relation.columns().stream().map(Column::name).toList());
    doc.column()
        .filter(column -> !known.contains(column))
        .ifPresent(
            column -> {
              throw Failure.of(
                      Code.UNDEFINED_COLUMN,
                      "column \"%s.%s\" does not exist"
                          .formatted(doc.type().orElse(relation.name()), column))
                  .hint(Nearest.hint(column, known.stream()))
                  .at(position)
                  .exception();
            });
  }

  private static List<String> attributes(String type, Relation relation, int position) {
    return relation.columns().stream()
        .map(Column::type)
        .flatMap(DocumentedObjects::composites)
        .filter(composite -> composite.name().equals(type))
        .findFirst()
        .map(composite -> composite.fields().stream().map(Type.Field::name).toList())
        .orElseThrow(
            () ->
                Failure.of(Code.UNDEFINED_OBJECT, "unknown catalog item '" + type + "'")
                    .hint(
                        Optional.of(Nearest.hint(type, Stream.of(relation.name())))
                            .filter(hint -> !hint.isEmpty())
                            .orElse(
                                "DOC ON describes the sink's table, or a composite type of its"
                                    + " columns."))
                    .at(position)
                    .exception());
  }

  private static Stream<Type.Composite> composites(Type type) {
    return switch (type) {
      case Type.Composite composite ->
          Stream.concat(
              Stream.of(composite),
              composite.fields().stream()
                  .map(Type.Field::type)
                  .flatMap(DocumentedObjects::composites));
      case Type.Array array -> composites(array.element());
      case Type.Domain domain -> composites(domain.base());
      case Type.Scalar _, Type.Enumerated _, Type.Range _ -> Stream.empty();
    };
  }
}
