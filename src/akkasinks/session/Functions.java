package akkasinks.session;

import akkasinks.command.Command.Select;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import akkasinks.sql.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts in a query, in the place of functions that only the session can answer, their values. */
final class Functions {
  private static final Set<String> WITHOUT_PARENTHESES =
      Set.of("current_user", "session_user", "current_role", "current_catalog", "current_schema");

  private final Settings settings;

  Functions(Settings settings) {
    this.settings = settings;
  }

  Select resolve(Select select) {
    List<Word> words = select.words();
    List<Word> resolved = new ArrayList<>(words.size());
    int depth = 0;
    for (int at = 0; at < words.size(); at++) {
      Word word = words.get(at);
      depth += word.isSymbol("(") ? 1 : word.isSymbol(")") ? -1 : 0;
      Optional<Call> call = call(words, at);
      if (call.isEmpty()) {
        resolved.add(word);
        continue;
      }
      Word name = call.get().name();
      resolved.add(new Word(WordKind.STRING, call.get().value(), word.position()));
      at += call.get().length() - 1;
      boolean column = depth == 0 && begins(words, at - call.get().length()) && ends(words, at + 1);
      if (column) {
        resolved.add(new Word(WordKind.NAME, "as", word.position()));
        resolved.add(new Word(WordKind.QUOTED, name.text(), word.position()));
      }
    }
    return new Select(resolved);
  }

  /**
   * @param length in words
   */
  private record Call(Word name, int length, String value) {}

  private Optional<Call> call(List<Word> words, int at) {
    boolean qualified = words.get(at).is("pg_catalog") && at(words, at + 1).isSymbol(".");
    int start = qualified ? at + 2 : at;
    Word name = at(words, start);
    if (name.kind() != WordKind.NAME || (at > 0 && words.get(at - 1).isSymbol("."))) {
      return Optional.empty();
    }
    int before = start - at + 1;
    if (at(words, start + 1).isSymbol("(")) {
      boolean setting = name.is("current_setting") && at(words, start + 3).isSymbol(")");
      if (setting && at(words, start + 2).kind() == WordKind.STRING) {
        return Setting.named(at(words, start + 2).text())
            .map(known -> new Call(name, before + 3, settings.value(known)));
      }
      return at(words, start + 2).isSymbol(")")
          ? value(name.text()).map(value -> new Call(name, before + 2, value))
          : Optional.empty();
    }
    return !qualified && WITHOUT_PARENTHESES.contains(name.text())
        ? value(name.text()).map(value -> new Call(name, 1, value))
        : Optional.empty();
  }

  private Optional<String> value(String function) {
    return switch (function) {
      case "version" -> Optional.of("PostgreSQL 14.0 compatible, AkkaSinks " + version());
      case "mz_version" -> Optional.of("AkkaSinks " + version());
      case "current_database", "current_catalog" -> Optional.of(settings.value(Setting.DATABASE));
      case "current_schema" -> Optional.of("public");
      case "current_user", "session_user", "current_role" ->
          Optional.of(settings.value(Setting.SESSION_AUTHORIZATION));
      case "pg_advisory_unlock_all" -> Optional.of("");
      default -> Optional.empty();
    };
  }

  private static boolean begins(List<Word> words, int before) {
    return at(words, before).is("select") || at(words, before).isSymbol(",");
  }

  private static boolean ends(List<Word> words, int after) {
    return after >= words.size() || words.get(after).isSymbol(",") || words.get(after).is("from");
  }

  private static final Word NOTHING = new Word(WordKind.SYMBOL, "", 0);

  private static Word at(List<Word> words, int at) {
    return at >= 0 && at < words.size() ? words.get(at) : NOTHING;
  }

  /** Of the jar that runs; a class folder has none. */
  private static String version() {
    String version = Functions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
