package akkasinks.pipeline;

import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import akkasinks.format.registry.SchemaFormat;
import akkasinks.format.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * In a format whose schemas are in a registry: registered once for each form that the relation
 * takes, before anything is encoded with them. An id is never kept beyond one incarnation of the
 * sink: a registry that was set up anew may give others. Thread-safe.
 */
final class RegisteredSide implements Side {
  private final Schemas schemas;
  private final String subject;
  private final Origin origin;
  private final Supplier<SchemaRegistry> registry;
  private final Stages.After after;
  private final Map<Relation, Registered> known = new HashMap<>();

  /** A schema, and what the registry knows it by. */
  private record Registered(SchemaFormat format, int id) {}

  /**
   * @param registry opens it; closed here after each use
   */
  RegisteredSide(
      Schemas schemas, String subject, Origin origin, Supplier<SchemaRegistry> registry) {
    this.schemas = schemas;
    this.subject = subject;
    this.origin = origin;
    this.registry = registry;
    this.after = schemas.after(this::text);
  }

  /**
   * Blocks for the registry the first time.
   *
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if the registry refuses a schema, or the
   *     subject's history leaves no place for a column; UNREACHABLE if it does not answer
   */
  private synchronized Registered of(Relation relation) {
    var registered = known.get(relation);
    if (registered == null) {
      registered = register(relation);
      known.put(relation, registered);
    }
    return registered;
  }

  private Registered register(Relation relation) {
    try (var open = registry.get()) {
      open.levelUnlessSet(subject, schemas.level());
      var format = format(open, relation);
      return new Registered(format, open.register(subject, format.schema()));
    }
  }

  private SchemaFormat format(SchemaRegistry open, Relation relation) {
    return schemas.of(relation, () -> open.history(subject));
  }

  @Override
  public void prepare(Relation relation) {
    of(relation);
  }

  @Override
  public void check(Relation relation) {
    try (var open = registry.get()) {
      open.reach();
      open.check(subject, format(open, relation).schema());
    }
  }

  @Override
  public String schema(Relation relation) {
    try (var open = registry.get()) {
      return format(open, relation).shown();
    }
  }

  @Override
  public RowEncoder rows(Relation relation) {
    var registered = of(relation);
    return registered.format().rows(registered.id());
  }

  @Override
  public PairEncoder pairs(Relation relation) {
    var registered = of(relation);
    return registered.format().pairs(registered.id());
  }

  @Override
  public EventEncoder events(Relation relation) {
    var registered = of(relation);
    return registered.format().events(registered.id(), origin);
  }

  @Override
  public Function<byte[], List<String>> keys(Relation relation) {
    return of(relation).format()::key;
  }

  @Override
  public int header() {
    return schemas.header();
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return after.of(value);
  }

  private String text(int id) {
    try (var open = registry.get()) {
      return open.schema(id).text();
    }
  }
}
