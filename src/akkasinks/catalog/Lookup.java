package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.Name;
import java.util.Locale;

/** Finds by name what a statement speaks of, or says what was probably meant. */
public final class Lookup {
  private Lookup() {}

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT at the name
   */
  public static Sink sink(CatalogState state, Name name) {
    return find(state, name, Sink.class);
  }

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT at the name
   */
  public static Definition definition(CatalogState state, Kind kind, Name name) {
    return find(state, name, type(kind));
  }

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT at the name
   */
  public static Connection connection(CatalogState state, Name name) {
    return find(state, name, Connection.class);
  }

  static KafkaConnection kafka(CatalogState state, Name name) {
    if (connectionOrOther(state, name) instanceof KafkaConnection kafka) {
      return kafka;
    }
    throw wrong(name, "\"" + name.text() + "\" is not a kafka connection");
  }

  static PostgresConnection postgres(CatalogState state, Name name) {
    if (connectionOrOther(state, name) instanceof PostgresConnection postgres) {
      return postgres;
    }
    throw wrong(name, "\"" + name.text() + "\" is not a postgres connection");
  }

  static RegistryConnection registry(CatalogState state, Name name) {
    if (connectionOrOther(state, name) instanceof RegistryConnection registry) {
      return registry;
    }
    throw wrong(name, "\"" + name.text() + "\" is not a schema registry connection");
  }

  static SshConnection tunnel(CatalogState state, Name name) {
    if (connectionOrOther(state, name) instanceof SshConnection tunnel) {
      return tunnel;
    }
    throw wrong(name, "\"" + name.text() + "\" is not an ssh tunnel connection");
  }

  /**
   * The registry that a format names.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED if it names none
   */
  static RegistryConnection registryOf(CatalogState state, FormatChoice choice) {
    return choice
        .registry()
        .map(name -> registry(state, name))
        .orElseThrow(
            () -> {
              String format = choice.name().text().toUpperCase(Locale.ROOT);
              return Failure.of(
                      Code.NOT_SUPPORTED,
                      "FORMAT %s is only supported with a schema registry".formatted(format))
                  .hint(
                      "Write FORMAT %s USING CONFLUENT SCHEMA REGISTRY CONNECTION its_connection."
                          .formatted(format))
                  .at(choice.name().position())
                  .exception();
            });
  }

  private static Definition connectionOrOther(CatalogState state, Name name) {
    return state.find(name.text()).orElseGet(() -> find(state, name, Connection.class));
  }

  static <D extends Definition> D find(CatalogState state, Name name, Class<D> type) {
    Definition found = state.find(name.text()).orElse(null);
    if (type.isInstance(found)) {
      return type.cast(found);
    }
    String kind = word(type);
    if (found != null) {
      throw wrong(name, "\"" + name.text() + "\" is a " + word(found) + ", not a " + kind);
    }
    throw Failure.of(Code.UNDEFINED_OBJECT, "unknown " + kind + " \"" + name.text() + "\"")
        .hint(Nearest.hint(name.text(), state.all(type).stream().map(Definition::name)))
        .at(name.position())
        .exception();
  }

  static Class<? extends Definition> type(Kind kind) {
    return switch (kind) {
      case SECRET -> Secret.class;
      case CONNECTION -> Connection.class;
      case SOURCE -> Source.class;
    };
  }

  /** The kind, as messages name it. */
  public static String word(Definition definition) {
    return switch (definition) {
      case Secret _ -> "secret";
      case Connection _ -> "connection";
      case Source _ -> "source";
      case Sink _ -> "sink";
    };
  }

  static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String word(Class<? extends Definition> type) {
    if (type == Sink.class) {
      return "sink";
    }
    if (Source.class.isAssignableFrom(type)) {
      return "source";
    }
    return type == Secret.class ? "secret" : "connection";
  }

  private static FailureException wrong(Name name, String message) {
    return Failure.of(Code.UNDEFINED_OBJECT, message).at(name.position()).exception();
  }
}
