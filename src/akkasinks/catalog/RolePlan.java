package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.base.Notice;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Roles, owners and grants: what statements about them amount to. Pure, as {@link Planner}. */
public final class RolePlan {
  private static final Set<String> RESERVED = Set.of("public", "none");

  private final CatalogState state;

  public RolePlan(CatalogState state) {
    this.state = state;
  }

  /**
   * What a statement's password comes to.
   *
   * @param text of the verifier; empty for none
   */
  public record Password(Optional<String> text, List<Notice> notices) {}

  public Plan create(Command.CreateRole c, Password password) {
    String name = c.name().text();
    if (RESERVED.contains(name)) {
      throw Failure.of(Code.RESERVED_NAME, "role name \"" + name + "\" is reserved")
          .at(c.name().position())
          .exception();
    }
    if (state.access().named(name).isPresent()) {
      throw Failure.of(Code.DUPLICATE_OBJECT, "role \"" + name + "\" already exists")
          .at(c.name().position())
          .exception();
    }
    Role role =
        new Role(
            state.nextId(Ids.ROLE),
            name,
            c.attributes().login().orElse(false),
            c.attributes().superuser().orElse(false),
            password.text().orElse(""));
    return Plan.of("CREATE ROLE", new CatalogEvent.RoleCreated(role)).noticing(password.notices());
  }

  public Plan alter(Command.AlterRole c, Password password) {
    Role before = changeable(c.name());
    Role after =
        new Role(
            before.id(),
            before.name(),
            c.attributes().login().orElse(before.login()),
            c.attributes().superuser().orElse(before.superuser()),
            password.text().orElse(before.verifier()));
    Plan plan =
        after.equals(before)
            ? new Plan("ALTER ROLE", List.of(), List.of())
            : Plan.of("ALTER ROLE", new CatalogEvent.RoleAltered(after));
    return plan.noticing(password.notices());
  }

  public Plan drop(Command.DropRole c, Asker asker) {
    List<CatalogEvent> events = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    for (Name name : c.names()) {
      if (c.ifExists() && state.access().named(name.text()).isEmpty()) {
        notices.add(Notice.of("role \"" + name.text() + "\" does not exist, skipping"));
        continue;
      }
      Role role = changeable(name);
      if (role.id().equals(asker.role())) {
        throw Failure.of(Code.BUSY, "current user cannot be dropped")
            .at(name.position())
            .exception();
      }
      List<String> uses = uses(role);
      if (!uses.isEmpty()) {
        throw Failure.of(
                Code.DEPENDENT_OBJECTS,
                "role \"" + role.name() + "\" cannot be dropped because some objects depend on it")
            .detail(String.join("\n", uses))
            .hint("ALTER … OWNER TO gives an object to another role; REVOKE takes a right away.")
            .at(name.position())
            .exception();
      }
      events.add(new CatalogEvent.RoleDropped(role.id()));
    }
    return new Plan("DROP ROLE", events.stream().distinct().toList(), notices);
  }

  private List<String> uses(Role role) {
    Stream<String> owned =
        state.definitions().values().stream()
            .filter(d -> state.access().owner(d.id()).equals(role.id()))
            .map(d -> "owner of " + Lookup.word(d) + " \"" + d.name() + "\"");
    Stream<String> granted =
        state.access().grants().stream()
            .filter(grant -> grant.role().equals(role.id()))
            .map(grant -> "privileges for " + object(grant));
    return Stream.concat(owned, granted).toList();
  }

  private String object(Access.Grant grant) {
    return Optional.ofNullable(state.definitions().get(grant.object()))
        .map(d -> Lookup.word(d) + " \"" + d.name() + "\"")
        .orElse("schema \"" + Access.SCHEMA + "\"");
  }

  public Plan grant(Command.Grant c) {
    return plan("GRANT", c.privilege(), c.on(), c.roles(), CatalogEvent.Granted::new, false);
  }

  /** What was not granted need not be taken away. */
  public Plan revoke(Command.Revoke c) {
    return plan("REVOKE", c.privilege(), c.on(), c.roles(), CatalogEvent.Revoked::new, true);
  }

  private Plan plan(
      String tag,
      Privilege privilege,
      Command.Granted on,
      List<Name> roles,
      Function<Access.Grant, CatalogEvent> event,
      boolean held) {
    List<CatalogEvent> events = new ArrayList<>();
    for (String object : objects(on)) {
      for (Name name : roles) {
        Access.Grant grant = new Access.Grant(object, grantee(name).id(), privilege);
        if (state.access().grants().contains(grant) == held) {
          events.add(event.apply(grant));
        }
      }
    }
    return new Plan(tag, events.stream().distinct().toList(), List.of());
  }

  private List<String> objects(Command.Granted on) {
    return switch (on) {
      case Command.Granted.Objects(Command.Kind kind, List<Name> names) ->
          names.stream().map(name -> Lookup.definition(state, kind, name).id()).toList();
      case Command.Granted.Schema(Name name) -> {
        if (!name.text().equals(Access.SCHEMA)) {
          throw Failure.of(Code.UNDEFINED_OBJECT, "schema \"" + name.text() + "\" does not exist")
              .hint("Everything is in schema \"" + Access.SCHEMA + "\".")
              .at(name.position())
              .exception();
        }
        yield List.of(Access.SCHEMA);
      }
    };
  }

  public Plan changeOwner(Command.ChangeOwner c) {
    String tag = "ALTER " + c.kind();
    if (c.ifExists() && state.find(c.name().text()).isEmpty()) {
      return Plan.skip(
          tag,
          "%s \"%s\" does not exist"
              .formatted(c.kind().name().toLowerCase(Locale.ROOT), c.name().text()));
    }
    String id = Permissions.owned(state, c).id();
    String role = known(c.role()).id();
    return state.access().owner(id).equals(role)
        ? new Plan(tag, List.of(), List.of())
        : Plan.of(tag, new CatalogEvent.OwnerSet(id, role));
  }

  private Role grantee(Name name) {
    return name.text().equals(Role.EVERYONE.name()) ? Role.EVERYONE : known(name);
  }

  private Role known(Name name) {
    return state.access().named(name.text()).orElseThrow(() -> unknown(name));
  }

  private FailureException unknown(Name name) {
    return Failure.of(Code.UNDEFINED_OBJECT, "role \"" + name.text() + "\" does not exist")
        .hint(Nearest.hint(name.text(), state.access().all().stream().map(Role::name)))
        .at(name.position())
        .exception();
  }

  private Role changeable(Name name) {
    Role role = known(name);
    if (role.id().equals(Asker.SUPERUSER)) {
      throw Failure.of(
              Code.PREREQUISITE,
              "role \"" + role.name() + "\" is what the nodes' configuration makes it")
          .hint("Its password is AKKASINKS_AUTH_PASSWORD, or in akkasinks.auth.password-file.")
          .at(name.position())
          .exception();
    }
    return role;
  }
}
