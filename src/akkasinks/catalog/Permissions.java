package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Privilege;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a role may do what it asks for. What a statement names is checked before it is planned;
 * what the planned definitions refer to, whatever clause named it, before anything outside is
 * looked at.
 */
public final class Permissions {
  private final CatalogState state;
  private final Role role;

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT if the role is gone meanwhile
   */
  public Permissions(CatalogState state, Asker asker) {
    this.state = state;
    this.role =
        state
            .access()
            .role(asker.role())
            .orElseThrow(
                () ->
                    Failure.of(
                            Code.UNDEFINED_OBJECT, "role \"" + asker.name() + "\" does not exist")
                        .hint("It was dropped after this client had logged in.")
                        .exception());
  }

  /**
   * @throws akkasinks.base.FailureException PRIVILEGE at the name of what is not the role's
   */
  public void check(Command command) {
    if (role.superuser()) {
      return;
    }
    switch (command) {
      case Command.CreateSecret c -> create(c.name());
      case Command.CreateConnection c -> create(c.name());
      case Command.CreateSource c -> {
        create(c.name());
        use(c.connection());
      }
      case Command.CreateKafkaSource c -> {
        create(c.name());
        use(c.connection());
        useRegistries(Stream.concat(c.keyFormat().stream(), c.format().stream()));
      }
      case Command.CreateSink c -> {
        create(c.name());
        if (state.find(c.name().text()).isEmpty()) {
          use(c);
        }
      }
      case Command.ExplainSchema c -> use(c.sink());
      case Command.ValidateConnection c -> use(c.name());
      case Command.Drop c -> own(c.name());
      case Command.Rename c -> own(c.name());
      case Command.AlterSecret c -> own(c.name());
      case Command.AlterConnection c -> own(c.name());
      case Command.RotateKeys c -> own(c.name());
      case Command.AlterSink c -> own(c.name());
      case Command.PauseSink c -> own(c.name());
      case Command.ResumeSink c -> own(c.name());
      case Command.ResnapshotSink c -> own(c.name());
      case Command.MoveSink c -> own(c.name());
      case Command.DropSink c -> own(c.name());
      case Command.VerifySink c -> own(c.name());
      case Command.CommentOn c -> comment(c.on());
      case Command.ChangeOwner c -> {
        own(c.name());
        if (!c.role().text().equals(role.name())) {
          throw Failure.of(Code.PRIVILEGE, "must be superuser to give an object to another role")
              .at(c.role().position())
              .exception();
        }
      }
      case Command.DrainNode _ ->
          throw Failure.of(Code.PRIVILEGE, "must be superuser to drain a node").exception();
      case Command.CreateRole c -> throw roles("create role", c.name());
      case Command.AlterRole c -> alterRole(c);
      case Command.DropRole c -> throw roles("drop role", c.names().getFirst());
      case Command.Grant c -> give(c.on());
      case Command.Revoke c -> give(c.on());
      case Command.Show _,
          Command.ListSinks _,
          Command.ShowDebts _,
          Command.ShowComments _,
          Command.ShowRoles _,
          Command.ShowPrivileges _,
          Command.ShowCreate _,
          Command.ShowCreateSink _,
          Command.ShowRights _,
          Command.DescribeSink _,
          Command.Narrowed _,
          Command.Select _ -> {}
    }
  }

  /**
   * USAGE of all that the role's definitions refer to from now on: who lost a right cannot use an
   * old connection to take its secrets elsewhere.
   *
   * @throws akkasinks.base.FailureException PRIVILEGE
   */
  public void check(Plan plan) {
    if (role.superuser()) {
      return;
    }
    for (CatalogEvent event : plan.events()) {
      defined(event)
          .ifPresent(
              definition -> {
                Set<String> before =
                    Optional.ofNullable(state.definitions().get(definition.id())).stream()
                        .flatMap(CatalogState::references)
                        .collect(Collectors.toSet());
                CatalogState.references(definition)
                    .filter(id -> owns(definition) || !before.contains(id))
                    .map(state.definitions()::get)
                    .forEach(used -> use(used, 0));
                if (definition instanceof Definition.Connection connection
                    && (owns(definition) || !state.definitions().containsKey(definition.id()))) {
                  refuseExternal(connection);
                }
              });
    }
  }

  /** Files and variables of the nodes have no owner who could let others use them. */
  private static void refuseExternal(Definition.Connection connection) {
    CatalogState.values(connection)
        .filter(Value.External.class::isInstance)
        .findFirst()
        .ifPresent(
            value -> {
              throw Failure.of(
                      Code.PRIVILEGE, "must be superuser to name files or variables of the nodes")
                  .hint("Name a secret that you may use: GRANT USAGE ON SECRET.")
                  .exception();
            });
  }

  /** The plan, with whom what it makes belongs to. */
  public Plan owning(Plan plan) {
    Map<String, Definition> there = state.definitions();
    List<CatalogEvent> owned =
        role.id().equals(Asker.SUPERUSER)
            ? List.of()
            : plan.events().stream()
                .flatMap(event -> defined(event).stream())
                .map(Definition::id)
                .filter(id -> !there.containsKey(id))
                .<CatalogEvent>map(id -> new CatalogEvent.OwnerSet(id, role.id()))
                .toList();
    return owned.isEmpty()
        ? plan
        : new Plan(
            plan.tag(),
            Stream.concat(plan.events().stream(), owned.stream()).toList(),
            plan.notices());
  }

  private static Optional<Definition> defined(CatalogEvent event) {
    return switch (event) {
      case CatalogEvent.SecretCreated(var secret, var _) -> Optional.of(secret);
      case CatalogEvent.ConnectionCreated(var connection) -> Optional.of(connection);
      case CatalogEvent.ConnectionAltered(var connection) -> Optional.of(connection);
      case CatalogEvent.SourceCreated(var source) -> Optional.of(source);
      case CatalogEvent.SinkCreated(var sink) -> Optional.of(sink);
      case CatalogEvent.SinkAltered(var sink) -> Optional.of(sink);
      case CatalogEvent.Installed _,
          CatalogEvent.SecretAltered _,
          CatalogEvent.CommentSet _,
          CatalogEvent.Renamed _,
          CatalogEvent.Dropped _,
          CatalogEvent.DebtPaid _,
          CatalogEvent.SinkPaused _,
          CatalogEvent.SinkResumed _,
          CatalogEvent.RoleCreated _,
          CatalogEvent.RoleAltered _,
          CatalogEvent.RoleDropped _,
          CatalogEvent.OwnerSet _,
          CatalogEvent.Granted _,
          CatalogEvent.Revoked _ ->
          Optional.empty();
    };
  }

  private void create(Name at) {
    if (!state.access().holds(role.id(), Access.SCHEMA, Privilege.CREATE)) {
      throw denied("schema", Access.SCHEMA, at.position());
    }
  }

  private void use(Command.CreateSink sink) {
    FromClause.Choice from =
        sink.wholeSource()
            ? FromClause.whole(state, sink.from().getFirst())
            : FromClause.resolve(state, sink.from());
    use(from.source(), sink.from().getFirst().position());
    use(sink.connection());
    useRegistries(Stream.concat(sink.keyFormat().stream(), sink.format().stream()));
  }

  private void useRegistries(Stream<Command.FormatChoice> formats) {
    formats.flatMap(format -> format.registry().stream()).forEach(this::use);
  }

  /** What is not there, the planner says. */
  private void use(Name name) {
    state.find(name.text()).ifPresent(definition -> use(definition, name.position()));
  }

  private void use(Definition definition, int position) {
    if (!owns(definition) && !state.access().holds(role.id(), definition.id(), Privilege.USAGE)) {
      throw denied(Lookup.word(definition), definition.name(), position);
    }
  }

  private void own(Name name) {
    state.find(name.text()).ifPresent(definition -> own(definition, name));
  }

  private void own(Definition definition, Name at) {
    if (!owns(definition)) {
      throw Failure.of(
              Code.PRIVILEGE,
              "must be owner of %s \"%s\"".formatted(Lookup.word(definition), definition.name()))
          .at(at.position())
          .exception();
    }
  }

  private boolean owns(Definition definition) {
    return state.access().owner(definition.id()).equals(role.id());
  }

  private void comment(Command.Commented on) {
    switch (on) {
      case Command.Commented.Object(var _, Name name) -> own(name);
      case Command.Commented.Sink(Name name) -> own(name);
      case Command.Commented.Column(List<Name> path) -> {
        if (path.size() > 1) {
          FromClause.Choice relation = FromClause.resolve(state, path.subList(0, path.size() - 1));
          own(relation.source(), path.getFirst());
        }
      }
    }
  }

  private void give(Command.Granted on) {
    switch (on) {
      case Command.Granted.Objects(var _, List<Name> names) ->
          names.forEach(
              name ->
                  state
                      .find(name.text())
                      .filter(definition -> !owns(definition))
                      .ifPresent(
                          definition -> {
                            throw denied(
                                Lookup.word(definition), definition.name(), name.position());
                          }));
      case Command.Granted.Schema(Name name) ->
          throw denied("schema", name.text(), name.position());
    }
  }

  /** Its own password everyone may change. */
  private void alterRole(Command.AlterRole c) {
    boolean own = c.name().text().equals(role.name());
    boolean onlyPassword =
        c.attributes().login().isEmpty()
            && c.attributes().superuser().isEmpty()
            && c.attributes().password() instanceof Command.PasswordChange.To;
    if (!own || !onlyPassword) {
      throw roles("alter role", c.name());
    }
  }

  private static FailureException roles(String what, Name at) {
    return Failure.of(Code.PRIVILEGE, "permission denied to " + what)
        .hint("Only a role with SUPERUSER can.")
        .at(at.position())
        .exception();
  }

  private static FailureException denied(String kind, String name, int position) {
    return Failure.of(Code.PRIVILEGE, "permission denied for %s \"%s\"".formatted(kind, name))
        .at(position)
        .exception();
  }

  static Definition owned(CatalogState state, Command.ChangeOwner c) {
    return switch (c.kind()) {
      case SECRET -> Lookup.definition(state, Command.Kind.SECRET, c.name());
      case CONNECTION -> Lookup.definition(state, Command.Kind.CONNECTION, c.name());
      case SOURCE -> Lookup.definition(state, Command.Kind.SOURCE, c.name());
      case SINK -> Lookup.sink(state, c.name());
    };
  }
}
