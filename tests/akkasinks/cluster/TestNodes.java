package akkasinks.cluster;

import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Feed;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.pipeline.Inspections;
import akkasinks.pipeline.SinkRunner;
import akkasinks.source.ChangeSource;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Real nodes over a fake runner. */
public final class TestNodes {
  private TestNodes() {}

  /** A node that keeps its state in a file below {@code dir}. */
  public static Config inDirectory(Path dir) {
    return ConfigFactory.parseMap(
            Map.of(
                "akkasinks.state.dir", dir.resolve("state").toString(),
                "akkasinks.secrets.key-file", dir.resolve("secrets.key").toString()))
        .withFallback(quick());
  }

  /** Short waits, so that tests need not wait. */
  public static Config quick() {
    return ConfigFactory.parseMap(
        Map.of(
            "akkasinks.management.port", 0,
            "akkasinks.sinks.backoff-least", "10ms",
            "akkasinks.sinks.backoff-most", "100ms",
            "akkasinks.sinks.user-retry", "50ms",
            "akkasinks.sinks.mirror-interval", "50ms",
            "akkasinks.debts.backoff-least", "10ms",
            "akkasinks.debts.backoff-most", "100ms"));
  }

  /** How many members are up, as this node sees it. */
  static long up(ClusterNode node) {
    return node.members().stream().filter(member -> member.status().equals("up")).count();
  }

  public static ClusterNode start(Config config, SinkRunner runner) {
    return ClusterNode.start(
        NodeConfig.of(config), parts(runner), Clock.systemUTC(), new SecureRandom());
  }

  /** A fake runner, and inspections that find nothing wrong. */
  public static NodeParts.Maker parts(SinkRunner runner) {
    return _ ->
        new NodeParts(
            runner,
            new NoInspections(),
            (_, _) ->
                CompletableFuture.failedFuture(new AssertionError("nothing here is compared")));
  }

  public static final class NoInspections implements Inspections {
    @Override
    public List<Notice> validate(Connection connection) {
      return List.of();
    }

    @Override
    public List<Notice> validateFor(Connection connection, List<ResolvedSink> sinks) {
      return List.of();
    }

    @Override
    public Columns columns(Feed feed, String schema, String table) {
      return new Columns("public", table, List.of("id"));
    }

    @Override
    public List<Notice> inspectSource(Feed feed) {
      return List.of();
    }

    @Override
    public RegisteredSchema latestSchema(RegistryConnection registry, String subject) {
      return RegisteredSchema.avro("{\"type\":\"record\",\"name\":\"r\",\"fields\":[]}");
    }

    @Override
    public ChangeSource.Inspection inspectRelation(ResolvedSink sink) {
      return new ChangeSource.Inspection(
          new Relation(
              1, "public", sink.sink().table(), List.of(Column.of("id", Type.Scalar.INT4))),
          true,
          List.of(),
          List.of());
    }

    @Override
    public List<Notice> inspectForm(ResolvedSink sink, Relation relation) {
      return List.of();
    }

    @Override
    public String schema(ResolvedSink sink, Relation relation, boolean key) {
      return "";
    }

    @Override
    public List<Notice> inspectTarget(ResolvedSink sink) {
      return List.of();
    }

    @Override
    public long retainedBytes(ResolvedSink sink) {
      return 0;
    }
  }
}
