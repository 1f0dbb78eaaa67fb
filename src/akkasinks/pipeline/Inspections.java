package akkasinks.pipeline;

import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Feed;
import akkasinks.change.Relation;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.source.ChangeSource;
import java.util.List;

/**
 * Looks at the real systems that a definition speaks of, before it is accepted; changes nothing
 * there. All of it blocks, up to a deadline of its own, and throws {@code FailureException} with
 * what is wrong and what to do.
 */
public interface Inspections {

  /** Connects, authenticates, and says what is unusual. */
  List<Notice> validate(Connection connection);

  /**
   * Whether what sinks have left behind is found over a connection that was altered: else it leads
   * to another system, and they could not go on.
   *
   * @param sinks those that use it, with it
   */
  List<Notice> validateFor(Connection connection, List<ResolvedSink> sinks);

  /**
   * A relation's columns, for statements that name one.
   *
   * @param schema empty if the statement named none
   */
  Columns columns(Feed feed, String schema, String table);

  /**
   * @param names empty if there is no such relation
   */
  record Columns(String schema, String table, List<String> names) {
    public Columns {
      names = List.copyOf(names);
    }
  }

  /** Whether the source can be read: publication, tables, wal_level, slots; or the topic. */
  List<Notice> inspectSource(Feed feed);

  /**
   * A registry's newest schema of a subject.
   *
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT if it has none
   */
  RegisteredSchema latestSchema(RegistryConnection registry, String subject);

  /**
   * The relation a sink would carry.
   *
   * @param sink its schema is empty if the statement named none: the inspection's relation tells
   */
  ChangeSource.Inspection inspectRelation(ResolvedSink sink);

  /**
   * Whether rows of the relation can be encoded, and their schemas would be taken; registers none.
   */
  List<Notice> inspectForm(ResolvedSink sink, Relation relation);

  /**
   * The schema of the sink's keys or values, as a registry would be given it, for people.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED if the format has none
   */
  String schema(ResolvedSink sink, Relation relation, boolean key);

  /** Whether the target can be written: broker, topic, progress topic, deadlines. */
  List<Notice> inspectTarget(ResolvedSink sink);

  /** WAL that the sink's slot holds back on the source's disk, in bytes; −1 if there is no slot. */
  long retainedBytes(ResolvedSink sink);
}
