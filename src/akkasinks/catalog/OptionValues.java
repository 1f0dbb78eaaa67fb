package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.OptionValue.Documentation;
import akkasinks.command.Command.OptionValue.Entries;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.OptionValue.Many;
import akkasinks.command.Command.OptionValue.None;
import akkasinks.command.Command.OptionValue.SecretName;
import akkasinks.sql.Expressions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an option's value as its type; the errors are Materialize's. */
final class OptionValues {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
  private static final Pattern INTERVAL_PART =
      Pattern.compile("\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*([a-zA-Zµ]+)\\s*");
  private static final Pattern SIZE =
      Pattern.compile("\\s*([0-9]{1,18}(?:\\.[0-9]{1,6})?)\\s*([a-zA-Z]*)\\s*");
  private static final Pattern NUMERIC_PROPERTY =
      Pattern.compile(".*\\.(ms|bytes|size|memory|level)");
  private static final Duration LONGEST = Duration.ofDays(1);

  private OptionValues() {}

  /** Fails unless the value is of the type. */
  static void check(Option option, OptionType type) {
    switch (type) {
      case OptionType.Text _ -> text(option);
      case OptionType.Whole whole -> whole(option, whole);
      case OptionType.Bool _ -> bool(option);
      case OptionType.OneOf words -> oneOf(option, words);
      case OptionType.Interval _ -> interval(option);
      case OptionType.Size _ -> size(option);
      case OptionType.Texts _ -> texts(option);
      case OptionType.Longs _ -> longs(option);
      case OptionType.Entries _ -> entries(option);
      case OptionType.SecretOnly _ -> secretName(option);
      case OptionType.TextOrSecret _ -> {
        if (!(option.value() instanceof SecretName)) {
          text(option);
        }
      }
      case OptionType.ConnectionName _ -> name(option);
      case OptionType.Property _ -> property(option);
      case OptionType.Documented _ -> documentation(option);
      case OptionType.Formula _ -> formula(option);
    }
  }

  static String text(Option option) {
    if (option.value() instanceof Literal(String text, boolean quoted)
        && (quoted || !(NUMBER.matcher(text).matches() || isBool(text)))) {
      if (text.isEmpty()) {
        throw invalid(option, "must not be empty");
      }
      return text;
    }
    throw cannotUse(option, "string");
  }

  static Name name(Option option) {
    if (option.value() instanceof Literal(String text, boolean _)) {
      return new Name(text, option.position());
    }
    throw cannotUse(option, "name of a connection");
  }

  static int whole(Option option, OptionType.Whole type) {
    if (!(option.value() instanceof Literal literal) || !WHOLE.matcher(literal.text()).matches()) {
      throw cannotUse(option, "number");
    }
    try {
      int number = Integer.parseInt(literal.text());
      if (number >= type.min() && number <= type.max()) {
        return number;
      }
    } catch (NumberFormatException tooLarge) {
      throw outside(option, type);
    }
    throw outside(option, type);
  }

  private static FailureException outside(Option option, OptionType.Whole type) {
    return failure(option, option.name() + " " + type.outside());
  }

  static boolean bool(Option option) {
    return switch (option.value()) {
      case None() -> true;
      case Literal(String text, boolean _) when isBool(text) -> text.equalsIgnoreCase("true");
      case Literal _, SecretName _, Many _, Entries _, Documentation _, Formula _ ->
          throw cannotUse(option, "boolean");
    };
  }

  private static boolean isBool(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  /** The word in the case that it is declared in. */
  static String oneOf(Option option, OptionType.OneOf type) {
    String name = option.name();
    if (option.value() instanceof None) {
      throw failure(option, "must provide a " + name.toLowerCase(Locale.ROOT) + " value")
          .failure()
          .hint(possible(type))
          .exception();
    }
    if (!(option.value() instanceof Literal literal)
        || (!literal.quoted() && NUMBER.matcher(literal.text()).matches())) {
      throw failure(option, name.toLowerCase(Locale.ROOT) + " must be a string");
    }
    for (String word : type.words()) {
      if (word.equalsIgnoreCase(literal.text())) {
        return word;
      }
    }
    String shown = OptionNames.shortened(literal.text());
    String message =
        name.equals("SECURITY PROTOCOL")
            ? "unknown security protocol: " + shown
            : "invalid " + name + ": " + shown;
    throw failure(option, message).failure().hint(possible(type)).exception();
  }

  private static String possible(OptionType.OneOf type) {
    return "Possible values: " + String.join(", ", type.words()) + ".";
  }

  static Duration interval(Option option) {
    if (!(option.value() instanceof Literal(String text, boolean quoted)) || !quoted) {
      throw cannotUse(option, "interval");
    }
    Matcher part = INTERVAL_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length() && part.find(at) && part.start() == at) {
      sum = sum.plus(span(option, part.group(1), part.group(2)));
      at = part.end();
    }
    if (at < text.length() || at == 0) {
      throw cannotUse(option, "interval");
    }
    if (sum.compareTo(Duration.ofMillis(1)) < 0 || sum.compareTo(LONGEST) > 0) {
      throw failure(option, option.name() + " must be between 1 millisecond and 1 day");
    }
    return sum;
  }

  private static Duration span(Option option, String number, String unit) {
    long nanos =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "us", "µs", "microsecond", "microseconds" -> 1_000L;
          case "ms", "msec", "millisecond", "milliseconds" -> 1_000_000L;
          case "s", "sec", "secs", "second", "seconds" -> 1_000_000_000L;
          case "m", "min", "mins", "minute", "minutes" -> 60_000_000_000L;
          case "h", "hr", "hour", "hours" -> 3_600_000_000_000L;
          default -> throw cannotUse(option, "interval");
        };
    BigDecimal product = new BigDecimal(number).multiply(BigDecimal.valueOf(nanos));
    BigDecimal[] seconds = product.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
    return Duration.ofSeconds(seconds[0].longValue(), seconds[1].longValue());
  }

  /** Bytes. Units are powers of 1024, as in PostgreSQL's own settings, with or without the i. */
  static long size(Option option) {
    if (option.value() instanceof Literal literal) {
      Matcher size = SIZE.matcher(literal.text());
      if (size.matches()) {
        int power =
            switch (size.group(2).toLowerCase(Locale.ROOT)) {
              case "", "b" -> 0;
              case "kb", "kib" -> 1;
              case "mb", "mib" -> 2;
              case "gb", "gib" -> 3;
              case "tb", "tib" -> 4;
              default -> throw cannotUse(option, "size");
            };
        BigDecimal bytes =
            new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
        if (bytes.compareTo(BigDecimal.ONE) < 0
            || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
          throw failure(option, option.name() + " must be between 1 byte and 8 EiB");
        }
        return bytes.longValue();
      }
    }
    throw cannotUse(option, "size");
  }

  static List<String> texts(Option option) {
    if (option.value() instanceof Many(var values) && !values.isEmpty()) {
      return values.stream()
          .map(value -> text(new Option(option.name(), value, option.position())))
          .toList();
    }
    throw cannotUse(option, "list");
  }

  static List<Long> longs(Option option) {
    List<OptionValue> values =
        option.value() instanceof Many(var several) ? several : List.of(option.value());
    List<Long> numbers = new ArrayList<>();
    for (OptionValue value : values) {
      if (!(value instanceof Literal literal) || !WHOLE.matcher(literal.text()).matches()) {
        throw cannotUse(option, "list of numbers");
      }
      try {
        numbers.add(Long.parseLong(literal.text()));
      } catch (NumberFormatException tooLarge) {
        throw cannotUse(option, "list of numbers");
      }
    }
    return numbers;
  }

  static Map<String, String> entries(Option option) {
    if (option.value() instanceof Entries(var entries)) {
      return entries;
    }
    throw cannotUse(option, "map");
  }

  static String secretName(Option option) {
    if (option.value() instanceof SecretName(String name)) {
      return name;
    }
    if (option.value() instanceof Literal(String text, boolean quoted)
        && quoted
        && Value.External.in(text).isPresent()) {
      return text;
    }
    throw invalid(option, "must provide a secret value")
        .failure()
        .hint("Store it with CREATE SECRET and write " + option.name() + " = SECRET its_name.")
        .exception();
  }

  static String property(Option option) {
    if (!(option.value() instanceof Literal(String text, boolean _))) {
      throw cannotUse(option, "string");
    }
    if (NUMERIC_PROPERTY.matcher(option.name()).matches() && !WHOLE.matcher(text).matches()) {
      throw cannotUse(option, "number");
    }
    return text;
  }

  static Documentation documentation(Option option) {
    if (option.value() instanceof Documentation documentation) {
      return documentation;
    }
    throw cannotUse(option, "documentation");
  }

  /** A text stands for the expression that it holds: a JSON body has no other way to give one. */
  static Formula formula(Option option) {
    Formula formula =
        switch (option.value()) {
          case Formula given -> given;
          case Literal(String text, boolean quoted) when quoted -> new Formula(text, 0);
          case Literal _, SecretName _, Many _, Entries _, Documentation _, None _ ->
              throw cannotUse(option, "expression");
        };
    Expressions.parse(formula.text(), formula.position());
    return formula;
  }

  static FailureException cannotUse(Option option, String type) {
    return invalid(option, "cannot use value as " + type);
  }

  static FailureException invalid(Option option, String why) {
    return failure(option, "invalid " + option.name() + ": " + why);
  }

  static FailureException failure(Option option, String message) {
    return Failure.of(Code.INVALID_PARAMETER, message).at(option.position()).exception();
  }
}
