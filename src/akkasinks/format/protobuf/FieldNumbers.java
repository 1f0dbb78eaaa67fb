package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Gives fields their numbers: a field that a subject's schemas ever had keeps its number, and no
 * other ever gets it.
 */
final class FieldNumbers {
  private static final int LAST = 536_870_911;

  /** Protobuf keeps these for itself. */
  private static final int KEPT_FROM = 19_000;

  private static final int KEPT_TO = 19_999;

  private final String subject;

  private FieldNumbers(String subject) {
    this.subject = subject;
  }

  /**
   * @param wanted messages without numbers
   * @param history the subject's schemas so far, the latest last
   * @return one of the history, if it says the same: a sink that reads old changes again needs the
   *     schema they were written with
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if a field is now of a type that cannot
   *     have its number
   */
  static ProtoFile give(String subject, ProtoFile wanted, List<ProtoFile> history) {
    for (var earlier : history.reversed()) {
      if (says(earlier, wanted)) {
        return earlier;
      }
    }
    var numbers = new FieldNumbers(subject);
    List<ProtoFile.Message> messages = new ArrayList<>();
    wanted.messages().forEach(m -> messages.add(numbers.message(m, history)));
    messages.addAll(kept(wanted, history));
    return new ProtoFile(wanted.packageName(), messages);
  }

  private static boolean says(ProtoFile earlier, ProtoFile wanted) {
    return earlier.packageName().equals(wanted.packageName())
        && !earlier.messages().isEmpty()
        && earlier.messages().getFirst().name().equals(wanted.messages().getFirst().name())
        && wanted.messages().stream()
            .allMatch(m -> earlier.message(m.name()).filter(e -> likeFields(e, m)).isPresent());
  }

  private static boolean likeFields(ProtoFile.Message earlier, ProtoFile.Message wanted) {
    return earlier.fields().size() == wanted.fields().size()
        && wanted.fields().stream()
            .allMatch(f -> earlier.field(f.name()).filter(f::isLike).isPresent());
  }

  /** A message that nothing uses any more stays: registries take no schema that lacks one. */
  private static List<ProtoFile.Message> kept(ProtoFile wanted, List<ProtoFile> history) {
    return history.isEmpty()
        ? List.of()
        : history.getLast().messages().stream()
            .filter(m -> wanted.message(m.name()).isEmpty())
            .toList();
  }

  private ProtoFile.Message message(ProtoFile.Message wanted, List<ProtoFile> history) {
    var earlier = history.stream().flatMap(f -> f.message(wanted.name()).stream()).toList();
    Map<String, ProtoFile.Field> known = new HashMap<>();
    SortedSet<Integer> used = new TreeSet<>();
    SortedSet<String> names = new TreeSet<>();
    for (var message : earlier) {
      used.addAll(message.reserved());
      names.addAll(message.reservedNames());
      for (var field : message.fields()) {
        used.add(field.number());
        names.add(field.name());
        known.put(field.name(), field);
      }
    }
    List<ProtoFile.Field> fields = new ArrayList<>();
    int next = used.isEmpty() ? 1 : after(used.getLast());
    for (var field : wanted.fields()) {
      var before = Optional.ofNullable(known.get(field.name()));
      before.ifPresent(b -> checkType(wanted.name(), b, field));
      fields.add(field.at(before.map(ProtoFile.Field::number).orElse(next)));
      next = before.isPresent() ? next : after(next);
    }
    for (var field : fields) {
      used.remove(field.number());
      names.remove(field.name());
    }
    return new ProtoFile.Message(wanted.name(), fields, used, names);
  }

  private int after(int number) {
    if (number >= LAST) {
      throw changed("no field number is left", "Its latest schema reserves all that there are.");
    }
    return number + 1 >= KEPT_FROM && number < KEPT_TO ? KEPT_TO + 1 : number + 1;
  }

  private void checkType(String message, ProtoFile.Field before, ProtoFile.Field now) {
    boolean widened =
        before.label().equals(now.label())
            && now.type().equals("int64")
            && (before.type().equals("int32") || before.type().equals("uint32"));
    if (!before.isLike(now) && !widened) {
      throw changed(
          "field \"%s\" of message %s was %s and is now %s"
              .formatted(now.name(), message, said(before), said(now)),
          "Field %d of records in the topic is of the former type.".formatted(before.number()));
    }
  }

  private static String said(ProtoFile.Field field) {
    return (field.label() + " " + field.type()).strip();
  }

  private FailureException changed(String what, String detail) {
    return Failure.of(
            Code.SCHEMA_CHANGED, "in the schemas of subject \"%s\" %s".formatted(subject, what))
        .detail(detail)
        .hint(
            "Give the column another name or its former type, or drop the sink and create it with"
                + " another topic.")
        .exception();
  }
}
