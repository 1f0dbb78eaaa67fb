package akkasinks.cli;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The program: a verb and its words. The launcher script has the verbs that need no node. */
public final class Main {
  private static final List<String> VERBS =
      List.of(
          "demo", "node", "cluster", "sql", "verify", "test", "bench", "fmt", "help", "version");

  private Main() {}

  public static void main(String[] args) {
    Console console =
        new Console(
            System.in,
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv());
    int status = run(Arrays.asList(args), console);
    console.out().flush();
    // Threads of libraries that are no daemons shall not keep it.
    System.exit(status);
  }

  /** Exit status: 0 for success, 1 for a failure, 2 for words that make no command. */
  static int run(List<String> words, Console console) {
    String verb = words.isEmpty() ? "help" : words.getFirst();
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    try {
      return switch (verb) {
        case "sql" -> SqlCommand.run(rest, console);
        case "demo" -> DemoCommand.run(rest, console);
        case "cluster" -> ClusterCommand.run(rest, console);
        case "node" -> NodeCommand.run(rest, console);
        case "verify" -> VerifyCommand.run(rest, console);
        case "help", "-h", "--help" -> {
          console.out().print(resource("help.txt"));
          yield 0;
        }
        case "version", "--version" -> {
          console.out().println("akkasinks " + version());
          yield 0;
        }
        default -> unknown(verb, console);
      };
    } catch (FailureException e) {
      console.err().print(Print.failure(e.failure(), ""));
      return e.failure().code() == Code.INVALID_PARAMETER ? 2 : 1;
    } catch (IOException e) {
      console.err().println("ERROR:  " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int unknown(String verb, Console console) {
    Failure failure = Failure.of(Code.INVALID_PARAMETER, "unknown verb \"" + verb + "\"");
    String all = "The verbs are " + String.join(", ", VERBS) + ".";
    String hint =
        Nearest.to(verb, VERBS.stream()).map(near -> "Did you mean " + near + "? ").orElse("")
            + all;
    console.err().print(Print.failure(failure.hint(hint), ""));
    return 2;
  }

  /** Of the jar that runs; a class folder has none. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Main.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException("the program's own file " + name + " is missing: build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
