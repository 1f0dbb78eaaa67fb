package akkasinks.catalog;

import java.util.List;
import java.util.Map;

/** One change of the catalog: what is stored, in order, and read again after a restart. */
public sealed interface CatalogEvent {

  /**
   * The catalog's first event.
   *
   * @param installation a UUID, never changed
   */
  record Installed(String installation) implements CatalogEvent {}

  record SecretCreated(Definition.Secret secret, Sealed value) implements CatalogEvent {}

  record SecretAltered(String id, Sealed value) implements CatalogEvent {}

  record ConnectionCreated(Definition.Connection connection) implements CatalogEvent {}

  /**
   * @param connection under the id that it had; its dependents are started again with it
   */
  record ConnectionAltered(Definition.Connection connection) implements CatalogEvent {}

  record CommentSet(Comment comment) implements CatalogEvent {}

  record SourceCreated(Definition.Source source) implements CatalogEvent {}

  record SinkCreated(Definition.Sink sink) implements CatalogEvent {}

  /**
   * @param sink as it is from now on, under its old id
   */
  record SinkAltered(Definition.Sink sink) implements CatalogEvent {}

  /**
   * @param createSql by id, the statement of each definition that names the renamed one, itself
   *     included
   */
  record Renamed(String id, String newName, Map<String, String> createSql) implements CatalogEvent {
    public Renamed {
      createSql = Map.copyOf(createSql);
    }
  }

  /**
   * @param ids dependents before what they depend on
   * @param debts what the sinks among them leave behind, stored in the same breath
   */
  record Dropped(List<String> ids, List<Debt> debts) implements CatalogEvent {
    public Dropped {
      ids = List.copyOf(ids);
      debts = List.copyOf(debts);
    }
  }

  record DebtPaid(String debtId) implements CatalogEvent {}

  record SinkPaused(String id) implements CatalogEvent {}

  record SinkResumed(String id) implements CatalogEvent {}

  record RoleCreated(Role role) implements CatalogEvent {}

  /**
   * @param role as it is from now on, under its old id
   */
  record RoleAltered(Role role) implements CatalogEvent {}

  record RoleDropped(String id) implements CatalogEvent {}

  /**
   * @param id of a definition
   * @param role the owner's id
   */
  record OwnerSet(String id, String role) implements CatalogEvent {}

  record Granted(Access.Grant grant) implements CatalogEvent {}

  record Revoked(Access.Grant grant) implements CatalogEvent {}
}
