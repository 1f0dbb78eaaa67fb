package akkasinks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** The straight pipe, or what else {@link StraightPipe} can do, as a contender. */
final class Pipe implements Contender {

  enum Part {
    WHOLE("straight pipe"),
    LOOP("consume–produce loop"),
    READING("reading alone"),
    SENDING("sending alone");

    private final String title;

    Part(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }

    /** It fills its topic with all that there is to bring over. */
    boolean isWhole() {
      return this == WHOLE || this == LOOP;
    }
  }

  private final Stage stage;
  private final Part part;
  private final Process process;
  private final BufferedReader answers;

  Pipe(Stage stage, Part part) throws IOException {
    this.stage = stage;
    this.part = part;
    this.process =
        new ProcessBuilder(
                Commands.java("java"),
                "-Xmx" + Stage.HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                StraightPipe.class.getName(),
                stage.jdbcUrl(),
                stage.brokers())
            .redirectError(
                ProcessBuilder.Redirect.appendTo(stage.folder().resolve("pipe.log").toFile()))
            .start();
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return part.title;
  }

  @Override
  public String guarantee() {
    return switch (part) {
      case WHOLE -> "none: reads again after a crash, decodes nothing";
      case LOOP -> "exactly once, by offsets in the transaction; knows no rows";
      case READING, SENDING -> "none: half of the work";
    };
  }

  /** The halves are there to explain; two rounds that count are enough for that. */
  @Override
  public boolean takesPart(int round) {
    return part.isWhole() || round <= 2;
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(process.toHandle());
  }

  @Override
  public Prepared prepare(Job job) throws Exception {
    var slot = "pipe_" + part.name().toLowerCase(java.util.Locale.ROOT);
    boolean ofSlot = job.work() == Job.Work.CHANGES && part != Part.SENDING;
    if (ofSlot) {
      stage.execute(
          "DROP PUBLICATION IF EXISTS " + slot,
          "CREATE PUBLICATION " + slot + " FOR TABLE " + String.join(", ", job.tables()),
          "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }
    var how =
        switch (part) {
          case WHOLE, SENDING -> "pipe";
          case READING -> "read";
          case LOOP -> "loop";
        };
    var from =
        part == Part.SENDING
            ? "made"
            : switch (job.work()) {
              case SNAPSHOT -> "copy " + job.table();
              case CHANGES -> "slot " + slot;
              case RECORDS -> "topic " + Feed.topicOf(job.table());
            };
    return new Prepared() {
      private boolean begun;

      @Override
      public boolean delivers() {
        return part.isWhole();
      }

      @Override
      public void begin(int recordBytes) throws Exception {
        var line =
            "%s %s %d %d %s%n"
                .formatted(how, String.join(",", job.topics()), recordBytes, job.changes(), from);
        begun = true;
        process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        if (!delivers()) {
          done();
        }
      }

      @Override
      public void close() throws Exception {
        if (begun && delivers()) {
          done();
        }
        if (ofSlot) {
          stage.dropSlot(slot, slot);
        }
      }
    };
  }

  private void done() throws IOException {
    if (!"DONE".equals(answers.readLine())) {
      throw new IOException(
          "the pipe failed: " + Files.readString(stage.folder().resolve("pipe.log")));
    }
  }

  @Override
  public void close() {
    Commands.stop(process);
  }
}
