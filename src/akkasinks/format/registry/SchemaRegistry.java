package akkasinks.format.registry;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A registry with Confluent's API, over the JDK's HTTP client: ten calls need no library. Nothing
 * is remembered here: an id is what the registry has just said. Thread-safe.
 */
public final class SchemaRegistry implements AutoCloseable {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  private final RegistryHttp http;

  /**
   * @throws akkasinks.base.FailureException INVALID_PARAMETER if certificates or key are none
   */
  public SchemaRegistry(RegistrySettings settings) {
    this.http = new RegistryHttp(settings);
  }

  /** Reaches it and logs in. */
  public void reach() {
    var answer = http.get("/subjects");
    if (answer.status() != 200 || !answer.body().isArray()) {
      throw http.unexpected(answer, "listing its subjects").exception();
    }
  }

  /**
   * Registers the schema under the subject, or finds it there.
   *
   * @return its id
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if the registry refuses it as
   *     incompatible with what is there
   */
  public int register(String subject, RegisteredSchema schema) {
    var answer = http.post("/subjects/" + subject + "/versions", body(schema));
    if (answer.status() == CONFLICT) {
      throw incompatible(subject, answer.message()).exception();
    }
    if (answer.status() == UNPROCESSABLE) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "the schema registry takes no schema of this kind for subject \"%s\""
                  .formatted(subject))
          .detail(answer.message())
          .exception();
    }
    return id(answer, "registering a schema for subject \"" + subject + "\"");
  }

  /** The schema that an id stands for. */
  public RegisteredSchema schema(int id) {
    var answer = http.get("/schemas/ids/" + id);
    if (answer.status() == NOT_FOUND) {
      throw Failure.of(Code.UNDEFINED_OBJECT, "the schema registry knows no schema of id " + id)
          .hint("Is it the registry that the topic was written with?")
          .exception();
    }
    var text = answer.body().path("schema");
    if (answer.status() != 200 || !text.isTextual()) {
      throw http.unexpected(answer, "reading schema " + id).exception();
    }
    return new RegisteredSchema(answer.body().path("schemaType").asText("AVRO"), text.asText());
  }

  /** The schemas that a subject has had, the latest last; none if there is no such subject. */
  public List<RegisteredSchema> history(String subject) {
    String path = "/subjects/" + subject + "/versions";
    var versions = http.get(path);
    if (versions.status() == NOT_FOUND) {
      return List.of();
    }
    if (versions.status() != 200 || !versions.body().isArray()) {
      throw http.unexpected(versions, "listing the schemas of subject \"" + subject + "\"")
          .exception();
    }
    List<RegisteredSchema> history = new ArrayList<>();
    for (JsonNode version : versions.body()) {
      var answer = http.get(path + "/" + version.asInt());
      var text = answer.body().path("schema");
      if (answer.status() != 200 || !text.isTextual()) {
        throw http.unexpected(answer, "reading a schema of subject \"" + subject + "\"")
            .exception();
      }
      history.add(
          new RegisteredSchema(answer.body().path("schemaType").asText("AVRO"), text.asText()));
    }
    return history;
  }

  /** The subject's newest schema. */
  public RegisteredSchema latest(String subject) {
    var answer = http.get("/subjects/" + subject + "/versions/latest");
    if (answer.status() == NOT_FOUND) {
      throw Failure.of(
              Code.UNDEFINED_OBJECT, "the schema registry has no subject \"" + subject + "\"")
          .hint("Declare the source's columns, or register a schema first.")
          .exception();
    }
    var text = answer.body().path("schema");
    if (answer.status() != 200 || !text.isTextual()) {
      throw http.unexpected(answer, "reading the latest schema of subject \"" + subject + "\"")
          .exception();
    }
    return new RegisteredSchema(answer.body().path("schemaType").asText("AVRO"), text.asText());
  }

  /**
   * Whether the subject would take the schema, as its level of compatibility says now; changes
   * nothing.
   *
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if it would not
   */
  public void check(String subject, RegisteredSchema schema) {
    var known = http.post("/subjects/" + subject, body(schema));
    if (known.status() == 200) {
      return;
    }
    var answer =
        http.post(
            "/compatibility/subjects/" + subject + "/versions/latest?verbose=true", body(schema));
    if (answer.status() == NOT_FOUND) {
      return;
    }
    var compatible = answer.body().path("is_compatible");
    if (answer.status() != 200 || !compatible.isBoolean()) {
      throw http.unexpected(answer, "comparing schemas of subject \"" + subject + "\"").exception();
    }
    if (!compatible.asBoolean()) {
      List<String> reasons = new ArrayList<>();
      answer.body().path("messages").forEach(reason -> reasons.add(reason.asText()));
      throw incompatible(subject, String.join("; ", reasons)).exception();
    }
  }

  /** The subject of a topic's keys, by Confluent's TopicNameStrategy. */
  public static String keysOf(String topic) {
    return topic + "-key";
  }

  /** The subject of a topic's values. */
  public static String valuesOf(String topic) {
    return topic + "-value";
  }

  /**
   * Gives the subject a level of compatibility, unless it has one of its own.
   *
   * @param level empty for none
   */
  public void levelUnlessSet(String subject, String level) {
    if (level.isEmpty() || level(subject).isPresent()) {
      return;
    }
    var answer =
        http.put(
            "/config/" + subject,
            JsonNodeFactory.instance.objectNode().put("compatibility", level));
    if (answer.status() != 200) {
      throw http.unexpected(
              answer, "setting the compatibility level of subject \"" + subject + "\"")
          .exception();
    }
  }

  private Optional<String> level(String subject) {
    var answer = http.get("/config/" + subject);
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    var level = answer.body().path("compatibilityLevel");
    if (answer.status() != 200 || !level.isTextual()) {
      throw http.unexpected(
              answer, "reading the compatibility level of subject \"" + subject + "\"")
          .exception();
    }
    return Optional.of(level.asText());
  }

  private int id(RegistryHttp.Answer answer, String what) {
    JsonNode id = answer.body().path("id");
    if (answer.status() != 200 || !id.isInt() || id.asInt() < 0) {
      throw http.unexpected(answer, what).exception();
    }
    return id.asInt();
  }

  /** Avro is what a registry takes a schema for if nothing is said. */
  private static ObjectNode body(RegisteredSchema schema) {
    var body = JsonNodeFactory.instance.objectNode().put("schema", schema.text());
    return schema.kind().equals("AVRO") ? body : body.put("schemaType", schema.kind());
  }

  private static Failure incompatible(String subject, String reasons) {
    return Failure.of(
            Code.SCHEMA_CHANGED,
            "schema being registered is incompatible with an earlier schema for subject \"%s\""
                .formatted(subject))
        .detail(reasons)
        .hint(
            "In Avro a new column is compatible with BACKWARD only if it has a default: NULL"
                + " DEFAULTS gives nullable columns one. Else relax the subject's compatibility"
                + " level, or drop the sink and create it with another topic.");
  }

  @Override
  public void close() {
    http.close();
  }
}
