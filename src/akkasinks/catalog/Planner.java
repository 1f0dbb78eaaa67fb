package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Plaintext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks commands against the state and says which events they amount to. Pure: planning again,
 * after a look at the outside world that took its time, is cheap and shows whether the state still
 * allows it.
 *
 * <p>Every method throws {@code FailureException}, with the position of what is wrong, and then
 * nothing has changed.
 */
public final class Planner {
  private static final int SECRET_LIMIT = 512 * 1024;

  private final CatalogState state;

  public Planner(CatalogState state) {
    this.state = state;
  }

  public Plan createSecret(Command.CreateSecret c, Sealer sealer) {
    return unlessThere(
        "CREATE SECRET",
        c.name(),
        c.ifNotExists(),
        Secret.class,
        () -> {
          checkSize(c.value());
          String id = state.nextId(Ids.SECRET);
          return Plan.of(
              "CREATE SECRET",
              new CatalogEvent.SecretCreated(
                  new Secret(id, c.name().text()), sealer.seal(id, c.value().text())));
        });
  }

  public Plan alterSecret(Command.AlterSecret c, Sealer sealer) {
    return ifThere(
        "ALTER SECRET",
        c.name(),
        c.ifExists(),
        Secret.class,
        secret -> {
          checkSize(c.value());
          return Plan.of(
              "ALTER SECRET",
              new CatalogEvent.SecretAltered(
                  secret.id(), sealer.seal(secret.id(), c.value().text())));
        });
  }

  public Plan createConnection(Command.CreateConnection c) {
    return unlessThere(
        "CREATE CONNECTION",
        c.name(),
        c.ifNotExists(),
        Definition.Connection.class,
        () ->
            Plan.of(
                "CREATE CONNECTION",
                new CatalogEvent.ConnectionCreated(ConnectionPlan.of(c, state))));
  }

  /**
   * The same TO SSH TUNNEL.
   *
   * @param keys the private ones leave this only sealed
   */
  public Plan createTunnel(Command.CreateConnection c, SshKeys keys, Sealer sealer) {
    Plan plan = createConnection(c);
    return plan.events().isEmpty()
        ? plan
        : new Plan(
            plan.tag(),
            plan.events().stream()
                .flatMap(
                    event ->
                        event instanceof CatalogEvent.ConnectionCreated(SshConnection tunnel)
                            ? Stream.of(
                                new CatalogEvent.ConnectionCreated(keyed(tunnel, keys)),
                                sealed(tunnel, keys, sealer))
                            : Stream.of(event))
                .toList(),
            plan.notices());
  }

  private static SshConnection keyed(SshConnection tunnel, SshKeys keys) {
    return tunnel.with(keys.first().publicKey(), keys.second().publicKey());
  }

  private static CatalogEvent sealed(SshConnection tunnel, SshKeys keys, Sealer sealer) {
    return new CatalogEvent.SecretAltered(tunnel.id(), sealer.seal(tunnel.id(), keys.plaintext()));
  }

  /**
   * ALTER CONNECTION … ROTATE KEYS.
   *
   * @param rotated the connection's keys after it
   */
  public Plan rotateKeys(
      Command.RotateKeys c, Function<SshConnection, SshKeys> rotated, Sealer sealer) {
    return ifThere(
        "ALTER CONNECTION",
        c.name(),
        c.ifExists(),
        Definition.Connection.class,
        connection -> {
          if (!(connection instanceof SshConnection tunnel)) {
            throw Failure.of(
                    Code.NOT_SUPPORTED,
                    "connection \"%s\" has no keys to rotate".formatted(connection.name()))
                .hint("Only SSH TUNNEL connections have.")
                .at(c.name().position())
                .exception();
          }
          SshKeys keys = rotated.apply(tunnel);
          return new Plan(
              "ALTER CONNECTION",
              List.of(
                  new CatalogEvent.ConnectionAltered(keyed(tunnel, keys)),
                  sealed(tunnel, keys, sealer)),
              List.of());
        });
  }

  /** Whether the statement's author wants the connection tried out. */
  public static boolean validates(List<Command.Option> with) {
    return new Options(OptionTables.CONNECTION_WITH, with).bool("VALIDATE");
  }

  /** The same of this kind: a bastion cannot know the keys of a tunnel that is only being made. */
  public static boolean validates(Definition.Connection connection, List<Command.Option> with) {
    return validates(with) && !(connection instanceof SshConnection && with.isEmpty());
  }

  /** No event if it comes to what there is. */
  public Plan alterConnection(Command.AlterConnection c) {
    return ifThere(
        "ALTER CONNECTION",
        c.name(),
        c.ifExists(),
        Definition.Connection.class,
        before -> {
          Definition.Connection after = AlteredConnection.of(c, before, state);
          return after.equals(before)
              ? new Plan("ALTER CONNECTION", List.of(), List.of())
              : new Plan("ALTER CONNECTION", altered(after), List.of());
        });
  }

  /** Those that lead through a tunnel know where it begins: they are altered with it. */
  private List<CatalogEvent> altered(Definition.Connection after) {
    Stream<Definition.Connection> through =
        after instanceof SshConnection tunnel
            ? state.all(Definition.Connection.class).stream()
                .filter(each -> leadsThrough(each, tunnel))
                .map(each -> each.by(SshTunnel.through(tunnel)))
            : Stream.of();
    return Stream.concat(Stream.of(after), through)
        .<CatalogEvent>map(CatalogEvent.ConnectionAltered::new)
        .toList();
  }

  private static boolean leadsThrough(Definition.Connection connection, SshConnection tunnel) {
    return connection.tunnel().filter(by -> by.connectionId().equals(tunnel.id())).isPresent();
  }

  /** A column's is complete only when its source was asked for the schema and the column. */
  public Plan comment(Command.CommentOn c) {
    String text = c.text().orElse("");
    return Plan.of(
        "COMMENT",
        new CatalogEvent.CommentSet(
            switch (c.on()) {
              case Command.Commented.Object(Command.Kind kind, Name name) ->
                  Comment.on(Lookup.definition(state, kind, name), text);
              case Command.Commented.Sink(Name name) -> Comment.on(Lookup.sink(state, name), text);
              case Command.Commented.Column(List<Name> path) -> comment(path, text);
            }));
  }

  private Comment comment(List<Name> path, String text) {
    FromClause.Choice on = FromClause.resolve(state, path.subList(0, path.size() - 1));
    return new Comment(on.source().id(), on.schema(), on.table(), path.getLast().text(), text);
  }

  public Plan createSource(Command.CreateSource c) {
    return unlessThere(
        "CREATE SOURCE",
        c.name(),
        c.ifNotExists(),
        Definition.Source.class,
        () -> Plan.of("CREATE SOURCE", new CatalogEvent.SourceCreated(SourcePlan.of(c, state))));
  }

  public Plan createKafkaSource(Command.CreateKafkaSource c) {
    return unlessThere(
        "CREATE SOURCE",
        c.name(),
        c.ifNotExists(),
        Definition.Source.class,
        () ->
            Plan.of("CREATE SOURCE", new CatalogEvent.SourceCreated(KafkaSourcePlan.of(c, state))));
  }

  /**
   * The sink as far as it can be known without asking its source: {@link SinkInspection} completes
   * it before the event may be stored.
   */
  public Plan createSink(Command.CreateSink c) {
    return unlessThere(
        "CREATE SINK", c.name(), c.ifNotExists(), Sink.class, () -> SinkPlan.of(c, state));
  }

  /** The same for EXPLAIN, whatever the sink's name. */
  public Plan explainSink(Command.CreateSink c) {
    return SinkPlan.of(c, state);
  }

  public Plan rename(Command.Rename c) {
    return rename("ALTER " + c.kind(), c.name(), c.ifExists(), Lookup.type(c.kind()), c.newName());
  }

  public Plan alterSink(Command.AlterSink c) {
    return switch (c.change()) {
      case Command.SinkChange.RenameTo(String newName) ->
          rename("ALTER SINK", c.name(), c.ifExists(), Sink.class, newName);
      case Command.SinkChange change ->
          ifThere(
              "ALTER SINK",
              c.name(),
              c.ifExists(),
              Sink.class,
              sink -> new SinkAlteration(state, sink).plan(change));
    };
  }

  private <D extends Definition> Plan rename(
      String tag, Name name, boolean ifExists, Class<D> type, String newName) {
    return ifThere(
        tag,
        name,
        ifExists,
        type,
        definition -> {
          if (definition.name().equals(newName)) {
            return new Plan(tag, List.of(), List.of());
          }
          state.find(newName).ifPresent(other -> refuse(other, name));
          return Plan.of(
              tag,
              new CatalogEvent.Renamed(
                  definition.id(), newName, Renaming.statements(state, definition, newName)));
        });
  }

  public Plan drop(Command.Drop c) {
    return drop("DROP " + c.kind(), c.name(), c.ifExists(), Lookup.type(c.kind()), c.cascade());
  }

  public Plan dropSink(Command.DropSink c) {
    return drop("DROP SINK", c.name(), c.ifExists(), Sink.class, c.cascade());
  }

  private <D extends Definition> Plan drop(
      String tag, Name name, boolean ifExists, Class<D> type, boolean cascade) {
    return ifThere(
        tag,
        name,
        ifExists,
        type,
        definition -> Plan.of(tag, Dropping.event(state, definition, name, cascade)));
  }

  public Plan pauseSink(Command.PauseSink c) {
    return ifThere(
        "ALTER SINK",
        c.name(),
        c.ifExists(),
        Sink.class,
        sink ->
            state.paused().contains(sink.id())
                ? Plan.skip("ALTER SINK", "sink \"" + sink.name() + "\" is paused already")
                : Plan.of("ALTER SINK", new CatalogEvent.SinkPaused(sink.id())));
  }

  public Plan resumeSink(Command.ResumeSink c) {
    return ifThere(
        "ALTER SINK",
        c.name(),
        c.ifExists(),
        Sink.class,
        sink ->
            state.paused().contains(sink.id())
                ? Plan.of("ALTER SINK", new CatalogEvent.SinkResumed(sink.id()))
                : Plan.skip("ALTER SINK", "sink \"" + sink.name() + "\" is not paused"));
  }

  /** The sink to read again, or empty with IF EXISTS and no such sink. */
  public Optional<Sink> resnapshotSink(Command.ResnapshotSink c) {
    if (c.ifExists() && state.find(c.name().text()).isEmpty()) {
      return Optional.empty();
    }
    Sink sink = Lookup.sink(state, c.name());
    if (sink.details().whole().isPresent()) {
      throw Failure.of(Code.NOT_SUPPORTED, "RESNAPSHOT is not supported for a sink FROM SOURCE")
          .hint("Drop the sink and create it again with other topics.")
          .at(c.name().position())
          .exception();
    }
    if (sink.envelope() != Definition.Envelope.UPSERT) {
      throw Failure.of(Code.NOT_SUPPORTED, "RESNAPSHOT is only supported with ENVELOPE UPSERT")
          .hint("Drop the sink and create it again with another topic.")
          .at(c.name().position())
          .exception();
    }
    if (state.definitions().get(sink.sourceId()) instanceof KafkaSource source
        && source.envelope() != KafkaSource.Input.UPSERT) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "RESNAPSHOT of a sink on a KAFKA source needs a source with ENVELOPE UPSERT")
          .detail(
              "What topic \"%s\" still holds need not be all of it, and would be taken for all."
                  .formatted(source.topic()))
          .hint("Drop the sink and create it again with another topic.")
          .at(c.name().position())
          .exception();
    }
    return Optional.of(sink);
  }

  private static void checkSize(Plaintext value) {
    if (value.text().getBytes(StandardCharsets.UTF_8).length > SECRET_LIMIT) {
      throw Failure.of(Code.LIMIT, "secrets can not be bigger than 512KiB").exception();
    }
  }

  private Plan unlessThere(
      String tag,
      Name name,
      boolean ifNotExists,
      Class<? extends Definition> type,
      Supplier<Plan> otherwise) {
    Optional<Definition> there = state.find(name.text());
    if (there.isEmpty()) {
      return otherwise.get();
    }
    if (ifNotExists && type.isInstance(there.get())) {
      return Plan.skip(tag, exists(there.get()));
    }
    throw refusal(there.get(), name);
  }

  private <D extends Definition> Plan ifThere(
      String tag, Name name, boolean ifExists, Class<D> type, Function<D, Plan> then) {
    if (ifExists && state.find(name.text()).isEmpty()) {
      String kind = tag.substring(tag.indexOf(' ') + 1).toLowerCase(Locale.ROOT);
      return Plan.skip(tag, kind + " \"" + name.text() + "\" does not exist");
    }
    return then.apply(Lookup.find(state, name, type));
  }

  private static void refuse(Definition there, Name name) {
    throw refusal(there, name);
  }

  private static FailureException refusal(Definition there, Name name) {
    return Failure.of(Code.DUPLICATE_OBJECT, exists(there)).at(name.position()).exception();
  }

  private static String exists(Definition there) {
    return Lookup.word(there) + " \"" + there.name() + "\" already exists";
  }
}
