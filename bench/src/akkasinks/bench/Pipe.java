package akkasinks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** The straight pipe, or one of its halves, as a contender. */
final class Pipe implements Contender {

  enum Part {
    WHOLE("straight pipe"),
    READING("reading alone"),
    SENDING("sending alone");

    private final String title;

    Part(String title) {
      this.title = title;
    }

    String title() {
      return title;
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
      case READING, SENDING -> "none: half of the work";
    };
  }

  /** The halves are there to explain; two rounds that count are enough for that. */
  @Override
  public boolean takesPart(int round) {
    return part == Part.WHOLE || round <= 2;
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
          "CREATE PUBLICATION " + slot + " FOR TABLE " + job.table(),
          "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }
    var how = part == Part.READING ? "read" : "pipe";
    var from = part == Part.SENDING ? "made" : ofSlot ? "slot" : "copy";
    var source = ofSlot ? slot + " " + slot : job.table();
    return new Prepared() {
      private boolean begun;

      @Override
      public boolean delivers() {
        return part == Part.WHOLE;
      }

      @Override
      public void begin(int valueBytes) throws Exception {
        var line =
            "%s %s %s %d %d %s%n"
                .formatted(how, from, job.topic(), valueBytes, job.changes(), source);
        begun = true;
        process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        if (part != Part.WHOLE) {
          done();
        }
      }

      @Override
      public void close() throws Exception {
        if (begun && part == Part.WHOLE) {
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
