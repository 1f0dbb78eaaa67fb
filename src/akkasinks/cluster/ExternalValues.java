package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Value;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Values that lie on this node, outside the catalog. Whoever may write SQL would else read any file
 * of the node's by naming it: so only what the node's settings name is read.
 *
 * @param folders files in them, and below, may be read
 * @param variables names of environment variables that may be read
 */
record ExternalValues(List<Path> folders, List<String> variables, Map<String, String> environment) {
  private static final int LIMIT = 512 * 1024;

  ExternalValues {
    folders = List.copyOf(folders);
    variables = List.copyOf(variables);
    environment = Map.copyOf(environment);
  }

  static ExternalValues of(NodeConfig.Key key) {
    return new ExternalValues(key.folders(), key.variables(), System.getenv());
  }

  /** Read anew each time, so that a value that was replaced is taken at the next start. */
  String read(Value.External value) {
    return switch (value.place()) {
      case FILE -> file(value.name());
      case ENVIRONMENT -> variable(value.name());
    };
  }

  private String variable(String name) {
    if (!variables.contains(name)) {
      throw denied("environment variable \"" + name + "\"", "akkasinks.secrets.variables");
    }
    String text = environment.get(name);
    if (text == null) {
      throw Failure.of(
              Code.UNDEFINED_OBJECT,
              "environment variable \"" + name + "\" is not set on this node")
          .hint("Set it for the node's process, on each node, and start that again.")
          .exception();
    }
    return text;
  }

  private String file(String name) {
    Path file = Path.of(name);
    if (!file.isAbsolute()) {
      throw Failure.of(Code.INVALID_PARAMETER, "\"" + name + "\" is not an absolute path")
          .exception();
    }
    try {
      // A name that leads elsewhere, by .. or a link, counts as where it leads.
      Path real = file.toRealPath();
      if (!allowed(real)) {
        throw denied("file \"" + name + "\"", "akkasinks.secrets.folders");
      }
      if (Files.size(real) > LIMIT) {
        throw Failure.of(Code.LIMIT, "secrets can not be bigger than 512KiB")
            .detail("File \"" + name + "\" is.")
            .exception();
      }
      return Files.readString(real, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
    } catch (CharacterCodingException e) {
      throw Failure.of(Code.DATA, "file \"" + name + "\" is not text in UTF-8").exception();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private boolean allowed(Path real) throws IOException {
    for (Path folder : folders) {
      if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  /** Outside the folders nothing is told, not even whether there is such a file. */
  private FailureException unreadable(String name, IOException e) {
    Path path = Path.of(name).normalize();
    if (folders.stream().noneMatch(folder -> path.startsWith(folder.normalize()))) {
      return denied("file \"" + name + "\"", "akkasinks.secrets.folders");
    }
    return Failure.of(Code.UNDEFINED_OBJECT, "file \"" + name + "\" cannot be read on this node")
        .detail(e.getClass().getSimpleName())
        .hint("It must be there, readable for the node, on each node that runs sinks.")
        .exception(e);
  }

  private static FailureException denied(String what, String setting) {
    return Failure.of(Code.PRIVILEGE, "this node may not read " + what)
        .hint("Name it in " + setting + " of the node's configuration, on each node.")
        .exception();
  }
}
