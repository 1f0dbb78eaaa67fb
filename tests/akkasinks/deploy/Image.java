package akkasinks.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** deploy/Dockerfile, an instruction a line: enough of its language for ours. */
final class Image {
  static final String FILE = "deploy/Dockerfile";

  /** Flags of the JVM in the container that are for its archive of classes. */
  private static final Pattern ARCHIVE = Pattern.compile("-XX:AOTCache.*|-Xlog:(aot|cds)=off");

  /** {@code COPY a b} is COPY with the rest {@code a b}. */
  record Instruction(String name, String rest) {}

  private final List<Instruction> all = new ArrayList<>();

  private Image() {}

  static Image read() {
    var image = new Image();
    String whole = Yaml.read(FILE).replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", " ");
    for (String line : whole.lines().filter(text -> !text.isBlank()).toList()) {
      String[] words = line.split("\\s+", 2);
      image.all.add(new Instruction(words[0], words[1]));
    }
    return image;
  }

  List<Instruction> all() {
    return all;
  }

  /** The rest of each instruction of that name. */
  List<String> of(String name) {
    return all.stream().filter(each -> each.name().equals(name)).map(Instruction::rest).toList();
  }

  /** The words of the last instruction of that name, in its form as a list. */
  List<String> words(String name) {
    return list(of(name).getLast());
  }

  static List<String> list(String json) {
    try {
      return List.of(new ObjectMapper().readValue(json, String[].class));
    } catch (JsonProcessingException e) {
      throw new AssertionError("not a list of words: " + json, e);
    }
  }

  /** The run that makes the archive. */
  List<String> training() {
    return list(
        of("RUN").stream().filter(run -> run.contains("AOTCacheOutput")).findFirst().orElseThrow());
  }

  static List<String> withoutArchive(List<String> command) {
    return command.stream().filter(word -> !ARCHIVE.matcher(word).matches()).toList();
  }
}
