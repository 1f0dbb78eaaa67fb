package akkasinks.catalog;

import akkasinks.command.Asker;
import akkasinks.command.Command.Privilege;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who there is, and what each may.
 *
 * @param roles by id, oldest first; the superuser, which is always there, is none of them
 * @param owners the role's id by the definition's; what is not here is the superuser's
 * @param grants oldest first
 */
public record Access(Map<String, Role> roles, Map<String, String> owners, List<Grant> grants) {
  public static final Access NONE = new Access(Map.of(), Map.of(), List.of());

  /**
   * @param object a definition's id; {@link #SCHEMA} for the schema
   * @param role the grantee's id
   */
  public record Grant(String object, String role, Privilege privilege) {}

  /** What everything is created in. */
  public static final String SCHEMA = "public";

  public Access {
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
    owners = Map.copyOf(owners);
    grants = List.copyOf(grants);
  }

  /** All roles, the superuser first. */
  public List<Role> all() {
    return Stream.concat(Stream.of(Role.SUPERUSER), roles.values().stream()).toList();
  }

  public Optional<Role> named(String name) {
    return all().stream().filter(role -> role.name().equals(name)).findFirst();
  }

  public Optional<Role> role(String id) {
    return all().stream().filter(role -> role.id().equals(id)).findFirst();
  }

  /** The owner's name. */
  public String ownerOf(String id) {
    return role(owner(id)).map(Role::name).orElse(Asker.SUPERUSER_NAME);
  }

  /** The owner's id. */
  public String owner(String id) {
    return owners.getOrDefault(id, Asker.SUPERUSER);
  }

  /** The grantee's name. */
  public String grantee(Grant grant) {
    return role(grant.role()).orElse(Role.EVERYONE).name();
  }

  boolean holds(String role, String object, Privilege privilege) {
    return grants.contains(new Grant(object, role, privilege))
        || grants.contains(new Grant(object, Role.EVERYONE.id(), privilege));
  }

  Access with(Role role) {
    Map<String, Role> next = new LinkedHashMap<>(roles);
    next.put(role.id(), role);
    return new Access(next, owners, grants);
  }

  Access owned(String id, String role) {
    Map<String, String> next = new LinkedHashMap<>(owners);
    next.put(id, role);
    return new Access(roles, next, grants);
  }

  Access granted(Grant grant) {
    List<Grant> next = new ArrayList<>(grants);
    next.remove(grant);
    next.add(grant);
    return new Access(roles, owners, next);
  }

  Access revoked(Grant grant) {
    return new Access(
        roles, owners, grants.stream().filter(other -> !other.equals(grant)).toList());
  }

  /** Without roles or definitions that are gone. */
  Access without(Set<String> ids) {
    Map<String, Role> leftRoles = new LinkedHashMap<>(roles);
    leftRoles.keySet().removeAll(ids);
    Map<String, String> leftOwners = new LinkedHashMap<>(owners);
    leftOwners.keySet().removeAll(ids);
    return new Access(
        leftRoles,
        leftOwners,
        grants.stream()
            .filter(grant -> !ids.contains(grant.object()) && !ids.contains(grant.role()))
            .toList());
  }
}
