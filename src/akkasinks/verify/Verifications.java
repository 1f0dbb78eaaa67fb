package akkasinks.verify;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.KafkaSource;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.pipeline.Connectors;
import akkasinks.pipeline.SinkRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares sinks that run on this node. */
public final class Verifications implements Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifications.class);

  private final Connectors connectors;
  private final Function<ResolvedSink, LiveTopic> topics;
  private final Path scratch;
  private final Executor blocking;
  private final InstantSource clock;
  private final Verification.Limits limits;

  /**
   * @param scratch where a comparison makes a directory and deletes it; must have room for the keys
   *     of table and topic and up to 280 bytes of each value
   * @param blocking runs each comparison from begin to end
   */
  public Verifications(
      Connectors connectors, Path scratch, Executor blocking, InstantSource clock) {
    this(
        connectors,
        sink -> KafkaTopic.of(connectors.target(sink)),
        scratch,
        blocking,
        clock,
        Verification.Limits.DEFAULT);
  }

  /**
   * @param topics gives a sink's topic; its calls block
   */
  Verifications(
      Connectors connectors,
      Function<ResolvedSink, LiveTopic> topics,
      Path scratch,
      Executor blocking,
      InstantSource clock,
      Verification.Limits limits) {
    this.connectors = connectors;
    this.topics = topics;
    this.scratch = scratch;
    this.blocking = blocking;
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public CompletionStage<VerifyReport> verify(ResolvedSink sink, SinkRunner.Running running) {
    return CompletableFuture.supplyAsync(() -> compare(sink, running), blocking);
  }

  private VerifyReport compare(ResolvedSink resolved, SinkRunner.Running running) {
    var frontier = refuse(resolved, running);
    var sink = resolved.sink();
    if (sink.details().whole().isEmpty()) {
      return compare(resolved, running, Relation.NONE);
    }
    if (!(frontier instanceof PostgresPosition at) || at.tables().isEmpty()) {
      throw Failure.of(Code.INTERNAL, "a whole source without tables").exception();
    }
    var reports = new ArrayList<VerifyReport>();
    at.tables()
        .get()
        .begun()
        .forEach(
            (oid, its) -> {
              var table = new Relation(oid, its.schema(), its.name(), List.of(), its.key());
              var one = resolved.with(sink.of(table));
              requireKey(one, "table " + its.name() + " of sink");
              reports.add(compare(one, running, table).of(its.schema() + "." + its.name()));
            });
    return VerifyReport.together(sink.name(), reports);
  }

  /** Compares one table with its topic. */
  private VerifyReport compare(ResolvedSink resolved, SinkRunner.Running running, Relation table) {
    Path work = workplace();
    try {
      var stages = connectors.stages(resolved, _ -> 1);
      return new Verification(
              resolved.sink(),
              Cut.of(connectors.source(resolved), running, table),
              stages.encode(),
              stages.after(),
              topics.apply(resolved),
              work,
              limits)
          .run(clock);
    } catch (IOException e) {
      throw Verification.full(e);
    } finally {
      delete(work);
    }
  }

  private static void requireKey(ResolvedSink resolved, String whose) {
    if (resolved.sink().key().isEmpty()) {
      throw Failure.of(
              Code.NOT_SUPPORTED, "%s \"%s\" has no KEY".formatted(whose, resolved.sink().name()))
          .detail("Without a key no record says which row it stands for.")
          .exception();
    }
  }

  private static Position refuse(ResolvedSink resolved, SinkRunner.Running running) {
    var name = resolved.sink().name();
    if (resolved.sink().details().whole().isEmpty()) {
      requireKey(resolved, "sink");
    }
    if (resolved.source() instanceof KafkaSource source) {
      throw Failure.of(Code.NOT_SUPPORTED, "VERIFY SINK is not supported on a KAFKA source")
          .detail(
              "Topic \"%s\" holds changes, and no table to compare with.".formatted(source.topic()))
          .exception();
    }
    var frontier = running.stats().frontier();
    if (frontier.isEmpty()) {
      throw Failure.of(Code.PREREQUISITE, "sink \"%s\" has committed nothing yet".formatted(name))
          .hint("Try again in a moment; SHOW SINKS tells when it runs.")
          .exception();
    }
    if (frontier.filter(Position::snapshotting).isPresent()) {
      throw Failure.of(
              Code.PREREQUISITE, "sink \"%s\" is still reading its snapshot".formatted(name))
          .detail("Until then the topic holds only a part of the table.")
          .hint("Wait until the snapshot is complete.")
          .exception();
    }
    return frontier.get();
  }

  private Path workplace() {
    try {
      return Files.createTempDirectory(Files.createDirectories(scratch), "verify-");
    } catch (IOException e) {
      throw Verification.full(e);
    }
  }

  private static void delete(Path dir) {
    try (var walk = Files.walk(dir)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", dir, e.getMessage());
    }
  }
}
