package akkasinks.session;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.command.Command.Name;
import akkasinks.sql.Setting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The settings of one session and their values. */
public final class Settings {
  private static final int LONGEST = 1_000;

  private final Map<Setting, String> atStart = new EnumMap<>(Setting.class);
  private final Map<Setting, String> values = new EnumMap<>(Setting.class);
  private boolean loggedIn;

  public Settings() {
    for (Setting setting : Setting.values()) {
      atStart.put(setting, setting.initial());
    }
    values.putAll(atStart);
  }

  /**
   * As a client asks for it when it connects; what is not known or not possible is left as it is.
   */
  public void start(String name, String value) {
    Setting.named(name)
        .filter(setting -> !setting.fixed() && !setting.single() && value.length() <= LONGEST)
        .ifPresent(
            setting -> {
              atStart.put(setting, value);
              values.put(setting, value);
            });
  }

  /** The client has proven who it is: what it calls itself counts no more. */
  public void loggedIn(String role, boolean superuser) {
    for (var kept : List.of(atStart, values)) {
      kept.put(Setting.SESSION_AUTHORIZATION, role);
      kept.put(Setting.IS_SUPERUSER, superuser ? "on" : "off");
    }
    loggedIn = true;
  }

  public String value(Setting setting) {
    return values.getOrDefault(setting, "");
  }

  /**
   * @param parts with commas between as written; empty for the value at the start
   * @throws FailureException UNDEFINED_OBJECT for a setting that there is not, INVALID_PARAMETER
   *     for a value it cannot have
   */
  void assign(Name name, List<String> parts) {
    Setting setting = known(name);
    if (parts.isEmpty()) {
      values.put(setting, atStart.getOrDefault(setting, ""));
      return;
    }
    String value = String.join(", ", parts);
    if (setting.fixed()) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "parameter \"" + setting.shown() + "\" cannot be changed")
          .at(name.position())
          .exception();
    }
    if (setting.single() && !plain(value).equals(plain(setting.initial()))) {
      throw invalid(setting, value, name)
          .hint("Here " + setting.shown() + " is always " + setting.initial() + ".")
          .exception();
    }
    if (loggedIn
        && setting == Setting.SESSION_AUTHORIZATION
        && !value.equals(atStart.get(setting))) {
      throw Failure.of(Code.PRIVILEGE, "permission denied to set session authorization")
          .at(name.position())
          .exception();
    }
    if (value.length() > LONGEST) {
      throw invalid(setting, value.substring(0, 20) + "…", name).exception();
    }
    values.put(setting, setting.single() ? setting.initial() : value);
  }

  private static Failure invalid(Setting setting, String value, Name name) {
    return Failure.of(
            Code.INVALID_PARAMETER,
            "invalid value for parameter \"" + setting.shown() + "\": \"" + value + "\"")
        .at(name.position());
  }

  void reset(Name name) {
    Setting setting = known(name);
    values.put(setting, atStart.getOrDefault(setting, ""));
  }

  void resetAll() {
    values.putAll(atStart);
  }

  /** UTF-8 and 'utf8' are the same; so are true and on. */
  private static String plain(String value) {
    String lower = value.toLowerCase(java.util.Locale.ROOT).replace("-", "");
    return switch (lower) {
      case "unicode" -> "utf8";
      case "true", "1", "yes" -> "on";
      default -> lower;
    };
  }

  static Setting known(Name name) {
    return Setting.named(name.text())
        .orElseThrow(
            () ->
                Failure.of(
                        Code.UNDEFINED_OBJECT,
                        "unrecognized configuration parameter \"" + name.text() + "\"")
                    .hint(Nearest.hint(name.text(), Setting.names().stream()))
                    .at(name.position())
                    .exception());
  }
}
