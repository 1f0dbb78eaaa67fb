package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Documentation;
import akkasinks.command.Command.OptionValue.Formula;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options given in one place of a statement, each known, given once and of its type. */
final class Options {
  private final OptionTable table;
  private final Map<String, Option> given = new LinkedHashMap<>();

  /**
   * @throws akkasinks.base.FailureException INVALID_PARAMETER, SYNTAX_ERROR, with the option's
   *     position
   */
  Options(OptionTable table, List<Option> written) {
    this.table = table;
    for (Option each : written) {
      Option option = OptionNames.resolve(table, each);
      String subject = subject(option);
      if (given.put(subject, option) != null) {
        throw Failure.of(Code.SYNTAX_ERROR, subject + " specified more than once")
            .at(option.position())
            .exception();
      }
      OptionValues.check(option, spec(option.name()).type());
    }
  }

  /** Of DOC ON there may be one for each object. */
  private static String subject(Option option) {
    return option.value() instanceof Documentation(var object, var _)
        ? option.name() + " " + String.join(".", object)
        : option.name();
  }

  /** All documentation given. */
  List<Option> documentation() {
    return given.values().stream().filter(o -> o.value() instanceof Documentation).toList();
  }

  /** As given, under their declared names: for the canonical statement. */
  List<Option> all() {
    return List.copyOf(given.values());
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  int position(String name) {
    return find(name).map(Option::position).orElse(0);
  }

  Optional<Option> find(String name) {
    return Optional.ofNullable(given.get(name));
  }

  Optional<String> text(String name) {
    return find(name).map(OptionValues::text);
  }

  int whole(String name, int otherwise) {
    return find(name)
        .map(o -> OptionValues.whole(o, (OptionType.Whole) spec(name).type()))
        .orElse(otherwise);
  }

  boolean bool(String name) {
    return find(name)
        .map(OptionValues::bool)
        .orElseGet(() -> Boolean.parseBoolean(spec(name).fallback()));
  }

  /** Whether a boolean that is false unless given is true; false too if it is not declared here. */
  boolean flag(String name) {
    return find(name).map(OptionValues::bool).orElse(false);
  }

  /** The word given, else the declared fallback. */
  String word(String name) {
    return find(name)
        .map(o -> OptionValues.oneOf(o, (OptionType.OneOf) spec(name).type()))
        .orElseGet(() -> spec(name).fallback());
  }

  Optional<Duration> interval(String name) {
    return find(name).map(OptionValues::interval);
  }

  Optional<Long> size(String name) {
    return find(name).map(OptionValues::size);
  }

  Optional<List<String>> texts(String name) {
    return find(name).map(OptionValues::texts);
  }

  List<Long> longs(String name) {
    return find(name).map(OptionValues::longs).orElse(List.of());
  }

  Map<String, String> entries(String name) {
    return find(name).map(OptionValues::entries).orElse(Map.of());
  }

  /**
   * Refuses options that mean nothing beside the others.
   *
   * @param why for the detail: "SSL MODE is disable."
   */
  void refuse(List<String> names, String why) {
    for (String name : names) {
      if (has(name)) {
        throw Failure.of(
                Code.INVALID_PARAMETER, "option " + name + " not supported with this configuration")
            .detail(why)
            .at(position(name))
            .exception();
      }
    }
  }

  /** Refuses one of two without the other. */
  void together(String one, String other) {
    if (has(one) != has(other)) {
      String given = has(one) ? one : other;
      throw Failure.of(
              Code.INVALID_PARAMETER, (has(one) ? other : one) + " must be specified with " + given)
          .at(position(given))
          .exception();
    }
  }

  Optional<Formula> formula(String name) {
    return find(name).map(OptionValues::formula);
  }

  /** Those that are Kafka's own properties. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    for (Option option : given.values()) {
      if (spec(option.name()).type() instanceof OptionType.Property) {
        properties.put(option.name(), OptionValues.property(option));
      }
    }
    return properties;
  }

  private OptionSpec spec(String name) {
    return table.find(name).orElseThrow(() -> new IllegalArgumentException(name));
  }
}
