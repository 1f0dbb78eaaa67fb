package akkasinks.catalog;

import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Definition.SshConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that the catalog knows. Immutable; {@link #apply} gives the next state and never fails on an
 * event that was planned against this one.
 *
 * @param installation empty before {@link CatalogEvent.Installed}
 * @param definitions by id, oldest first
 * @param secrets ciphertexts by the secret's id; one that a debt still needs outlives its secret
 * @param lastIds the last number given out, by prefix; numbers are never given again
 * @param paused ids of sinks
 * @param comments oldest first
 * @param access roles, who owns what, and what is granted
 */
public record CatalogState(
    String installation,
    Map<String, Definition> definitions,
    Map<String, Sealed> secrets,
    Map<String, Long> lastIds,
    List<Debt> debts,
    Set<String> paused,
    List<Comment> comments,
    Access access) {

  public static final CatalogState EMPTY =
      new CatalogState(
          "", Map.of(), Map.of(), Map.of(), List.of(), Set.of(), List.of(), Access.NONE);

  public CatalogState {
    definitions = Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
    secrets = Map.copyOf(secrets);
    lastIds = Map.copyOf(lastIds);
    debts = List.copyOf(debts);
    paused = Set.copyOf(paused);
    // A snapshot of an older version has none.
    comments = List.copyOf(Objects.requireNonNullElse(comments, List.of()));
    access = Objects.requireNonNullElse(access, Access.NONE);
  }

  /** The state after the event. */
  public CatalogState apply(CatalogEvent event) {
    return switch (event) {
      case CatalogEvent.Installed e ->
          new CatalogState(
              e.installation(), definitions, secrets, lastIds, debts, paused, comments, access);
      case CatalogEvent.SecretCreated e -> put(e.secret()).seal(e.secret().id(), e.value());
      case CatalogEvent.SecretAltered e -> seal(e.id(), e.value());
      case CatalogEvent.ConnectionCreated e -> put(e.connection());
      case CatalogEvent.ConnectionAltered e -> put(e.connection()).withDebts(owedBy(e));
      case CatalogEvent.CommentSet e -> comment(e.comment());
      case CatalogEvent.SourceCreated e -> put(e.source());
      case CatalogEvent.SinkCreated e -> put(e.sink());
      case CatalogEvent.SinkAltered e -> put(e.sink());
      case CatalogEvent.Renamed e -> rename(e);
      case CatalogEvent.Dropped e -> drop(e);
      case CatalogEvent.DebtPaid e ->
          withDebts(debts.stream().filter(d -> !d.id().equals(e.debtId())).toList());
      case CatalogEvent.SinkPaused e -> pausing(set -> set.add(e.id()));
      case CatalogEvent.SinkResumed e -> pausing(set -> set.remove(e.id()));
      case CatalogEvent.RoleCreated e -> withRole(e.role());
      case CatalogEvent.RoleAltered e -> withRole(e.role());
      case CatalogEvent.RoleDropped e -> withAccess(access.without(Set.of(e.id())));
      case CatalogEvent.OwnerSet e -> withAccess(access.owned(e.id(), e.role()));
      case CatalogEvent.Granted e -> withAccess(access.granted(e.grant()));
      case CatalogEvent.Revoked e -> withAccess(access.revoked(e.grant()));
    };
  }

  /** Secrets, connections, sources and sinks share one space of names. */
  public Optional<Definition> find(String name) {
    return definitions.values().stream().filter(d -> d.name().equals(name)).findFirst();
  }

  /** The definitions of one kind, by name. */
  public <D extends Definition> List<D> all(Class<D> kind) {
    return definitions.values().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  /** The id that the next definition of this kind gets; see {@link Ids}. */
  public String nextId(String prefix) {
    return prefix + (lastIds.getOrDefault(prefix, 0L) + 1);
  }

  /** The comment on a definition; empty text if there is none. */
  public String commentOn(String id) {
    return comments.stream()
        .filter(comment -> comment.id().equals(id) && comment.column().isEmpty())
        .map(Comment::text)
        .findFirst()
        .orElse("");
  }

  /** The definitions that refer to this one themselves, oldest first. */
  public List<Definition> dependents(String id) {
    return definitions.values().stream().filter(d -> refersTo(d, id)).toList();
  }

  /** The sinks that an alteration of this definition reaches, itself if it is one. */
  public Set<String> sinksUsing(String id) {
    Set<String> sinks = new HashSet<>();
    if (definitions.get(id) instanceof Sink) {
      sinks.add(id);
    }
    dependents(id).forEach(d -> sinks.addAll(sinksUsing(d.id())));
    return sinks;
  }

  /** The sink with all it needs to run. */
  public Optional<ResolvedSink> resolve(String sinkId) {
    if (definitions.get(sinkId) instanceof Sink sink
        && definitions.get(sink.sourceId()) instanceof Source source
        && definitions.get(source.connectionId()) instanceof Connection from
        && definitions.get(sink.connectionId()) instanceof KafkaConnection into) {
      return Optional.of(
          new ResolvedSink(installation, sink, source, from, into, registries(sink)));
    }
    return Optional.empty();
  }

  private List<RegistryConnection> registries(Sink sink) {
    Stream<String> read =
        definitions.get(sink.sourceId()) instanceof KafkaSource topic
            ? topic.registries().stream()
            : Stream.of();
    return Stream.concat(sink.registries(), read)
        .distinct()
        .map(definitions::get)
        .filter(RegistryConnection.class::isInstance)
        .map(RegistryConnection.class::cast)
        .toList();
  }

  private static boolean refersTo(Definition definition, String id) {
    return references(definition).anyMatch(id::equals);
  }

  /** Ids of what it refers to itself. */
  static Stream<String> references(Definition definition) {
    return switch (definition) {
      case Secret _ -> Stream.of();
      case Connection connection -> neededBy(connection);
      case Definition.PostgresSource source -> Stream.of(source.connectionId());
      case KafkaSource source ->
          Stream.concat(Stream.of(source.connectionId()), source.registries().stream());
      case Sink sink ->
          Stream.concat(Stream.of(sink.sourceId(), sink.connectionId()), sink.registries());
    };
  }

  /** What it is opened with that may be secret. */
  static Stream<Value> values(Connection connection) {
    return switch (connection) {
      case PostgresConnection postgres ->
          Stream.concat(postgres.password().stream(), postgres.tls().values());
      case KafkaConnection kafka -> kafka.properties().values().stream();
      case SshConnection _ -> Stream.of();
      case RegistryConnection registry ->
          Stream.of(
                  registry.username(),
                  registry.password(),
                  registry.authority(),
                  registry.certificate(),
                  registry.key())
              .flatMap(Optional::stream);
    };
  }

  /** Ids of the secrets and the tunnel that it is opened with. */
  private static Stream<String> neededBy(Connection connection) {
    return Stream.concat(
        values(connection)
            .filter(Value.Secret.class::isInstance)
            .map(value -> ((Value.Secret) value).secretId()),
        connection.tunnel().stream().map(SshTunnel::connectionId));
  }

  private CatalogState put(Definition definition) {
    Map<String, Definition> next = new LinkedHashMap<>(definitions);
    next.put(definition.id(), definition);
    return new CatalogState(
        installation,
        next,
        secrets,
        counted(Stream.of(definition.id())),
        debts,
        paused,
        comments,
        access);
  }

  private Map<String, Long> counted(Stream<String> ids) {
    Map<String, Long> next = new LinkedHashMap<>(lastIds);
    ids.forEach(id -> next.merge(id.substring(0, 1), Long.parseLong(id.substring(1)), Math::max));
    return next;
  }

  private CatalogState seal(String id, Sealed value) {
    Map<String, Sealed> next = new LinkedHashMap<>(secrets);
    next.put(id, value);
    return new CatalogState(
        installation, definitions, next, lastIds, debts, paused, comments, access);
  }

  private CatalogState rename(CatalogEvent.Renamed event) {
    Map<String, Definition> next = new LinkedHashMap<>(definitions);
    next.replaceAll(
        (id, d) -> {
          String name = id.equals(event.id()) ? event.newName() : d.name();
          return d.renamed(name, event.createSql().getOrDefault(id, d.createSql()));
        });
    return new CatalogState(installation, next, secrets, lastIds, debts, paused, comments, access);
  }

  private CatalogState drop(CatalogEvent.Dropped event) {
    Map<String, Definition> left = new LinkedHashMap<>(definitions);
    event.ids().forEach(left::remove);
    List<Debt> owed = new ArrayList<>(debts);
    owed.addAll(event.debts());
    Map<String, Long> ids = counted(event.debts().stream().map(Debt::id));
    return new CatalogState(installation, left, secrets, ids, debts, paused, comments, access)
        .withAccess(access.without(Set.copyOf(event.ids())))
        .withComments(comments.stream().filter(c -> !event.ids().contains(c.id())).toList())
        .pausing(set -> set.removeAll(event.ids()))
        .withDebts(owed);
  }

  /** What is still owed is paid over the connection as it is now: the old way may be gone. */
  private List<Debt> owedBy(CatalogEvent.ConnectionAltered event) {
    return debts.stream().map(debt -> debt.over(event.connection())).toList();
  }

  private CatalogState comment(Comment comment) {
    List<Comment> next = new ArrayList<>(comments);
    next.removeIf(comment::onSameAs);
    if (!comment.text().isEmpty()) {
      next.add(comment);
    }
    return withComments(next);
  }

  private CatalogState withRole(Role role) {
    return new CatalogState(
        installation,
        definitions,
        secrets,
        counted(Stream.of(role.id())),
        debts,
        paused,
        comments,
        access.with(role));
  }

  private CatalogState withAccess(Access next) {
    return new CatalogState(
        installation, definitions, secrets, lastIds, debts, paused, comments, next);
  }

  private CatalogState withComments(List<Comment> next) {
    return new CatalogState(
        installation, definitions, secrets, lastIds, debts, paused, next, access);
  }

  private CatalogState pausing(Predicate<Set<String>> change) {
    Set<String> next = new HashSet<>(paused);
    return change.test(next)
        ? new CatalogState(
            installation, definitions, secrets, lastIds, debts, next, comments, access)
        : this;
  }

  /** Also forgets the ciphertexts that neither a secret nor a debt needs any more. */
  private CatalogState withDebts(List<Debt> owed) {
    Set<String> needed = new HashSet<>(definitions.keySet());
    for (Debt debt : owed) {
      neededBy(debt.sink().from()).forEach(needed::add);
      neededBy(debt.sink().into()).forEach(needed::add);
    }
    Map<String, Sealed> kept = new LinkedHashMap<>(secrets);
    kept.keySet().retainAll(needed);
    return new CatalogState(
        installation, definitions, kept, lastIds, owed, paused, comments, access);
  }
}
