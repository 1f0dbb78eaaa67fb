package akkasinks.command;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Every act of the product. SQL, REST and other actors all end here, and each act has one
 * implementation. Serialisable; new fields are added with a default.
 *
 * <p>Names are as the user wrote them after SQL's folding. Options keep the position they stood at
 * in the statement, so that an error can point there; 0 where there was no statement.
 */
public sealed interface Command {

  /** Changes nothing and is answered with rows, so that it may be asked to learn its columns. */
  sealed interface Question extends Command {}

  /** An option as written: upper-case name, value, place. */
  record Option(String name, OptionValue value, int position) {}

  /** The value of an option, as written. */
  sealed interface OptionValue {
    /** A string, number, boolean or bare word; {@code quoted} tells '5' from 5. */
    record Literal(String text, boolean quoted) implements OptionValue {}

    /** {@code SECRET name}. */
    record SecretName(String name) implements OptionValue {}

    record Many(List<OptionValue> values) implements OptionValue {
      public Many {
        values = List.copyOf(values);
      }
    }

    /** {@code MAP['k' => 'v']}. */
    record Entries(Map<String, String> entries) implements OptionValue {}

    /**
     * What DOC ON describes, and its text.
     *
     * @param object the names that stood with dots between
     */
    record Documentation(List<String> object, String text) implements OptionValue {
      public Documentation {
        object = List.copyOf(object);
      }
    }

    /**
     * An expression, as text; sound by the grammar's rules.
     *
     * @param position of its first character in the statement
     */
    record Formula(String text, int position) implements OptionValue {}

    /** The option's name stood alone: true for a boolean. */
    record None() implements OptionValue {}
  }

  /** A name in a statement and where it stood. */
  record Name(String text, int position) {
    public static Name of(String text) {
      return new Name(text, 0);
    }
  }

  /**
   * @param value the secret itself: leaves this message only encrypted, never printed
   */
  record CreateSecret(Name name, boolean ifNotExists, Plaintext value) implements Command {}

  /** Hides its text from toString. */
  record Plaintext(String text) {
    @Override
    public String toString() {
      return "<redacted>";
    }
  }

  record CreateConnection(
      Name name, boolean ifNotExists, Name kind, List<Option> options, List<Option> with)
      implements Command {}

  /**
   * @param tables ALL, SCHEMAS or TABLES and what was listed
   */
  record CreateSource(
      Name name, boolean ifNotExists, Name connection, List<Option> options, TableChoice tables)
      implements Command {}

  sealed interface TableChoice {
    record AllTables() implements TableChoice {}

    record InSchemas(List<Name> schemas) implements TableChoice {}

    record These(List<TableRef> tables) implements TableChoice {}
  }

  /**
   * @param schema empty if not given
   * @param alias empty if not given
   */
  record TableRef(Optional<String> schema, String name, Optional<String> alias, int position) {}

  /**
   * CREATE SOURCE … FROM KAFKA.
   *
   * @param columns declared ones; none for the format's own
   * @param primaryKey declared with NOT ENFORCED; none if not given
   * @param keyFormat KEY FORMAT
   * @param format FORMAT or VALUE FORMAT
   * @param include what else of a record becomes a column, in order
   */
  record CreateKafkaSource(
      Name name,
      boolean ifNotExists,
      List<ColumnDeclaration> columns,
      List<Name> primaryKey,
      Name connection,
      List<Option> options,
      Optional<FormatChoice> keyFormat,
      Optional<FormatChoice> format,
      List<Include> include,
      Optional<Name> envelope,
      List<Option> with)
      implements Command {
    /** The same with declared columns. */
    public CreateKafkaSource withColumns(List<ColumnDeclaration> others) {
      return new CreateKafkaSource(
          name,
          ifNotExists,
          others,
          primaryKey,
          connection,
          options,
          keyFormat,
          format,
          include,
          envelope,
          with);
    }
  }

  /**
   * @param type one or more words, in lower case
   */
  record ColumnDeclaration(Name name, Name type, boolean notNull) {}

  /**
   * @param part KEY, PARTITION, OFFSET, TIMESTAMP or HEADERS
   * @param as the column's name, if given
   */
  record Include(Name part, Optional<Name> as) {}

  /**
   * @param from one to three names, as written with dots between; the source's if it is whole
   * @param connectionOptions those in parentheses after the connection: TOPIC, …
   * @param cluster IN CLUSTER; accepted and without effect
   * @param headers column of the record headers
   * @param columns which columns the value has; empty for all
   * @param keyFormat if KEY FORMAT … VALUE FORMAT … was written; {@code format} is then the value's
   * @param format name and options, e.g. JSON (BYTES = 'base64')
   * @param envelopeOptions e.g. DEBEZIUM (FULL)
   * @param with the WITH options: SNAPSHOT, COMMIT INTERVAL, …
   * @param wholeSource FROM SOURCE: all its tables, each to a topic of its own
   */
  record CreateSink(
      Name name,
      boolean ifNotExists,
      List<Name> from,
      Name connection,
      List<Option> connectionOptions,
      List<Name> key,
      boolean notEnforced,
      Optional<FormatChoice> format,
      Optional<Name> envelope,
      List<Option> with,
      Optional<Name> cluster,
      Optional<Name> headers,
      Optional<ColumnsChoice> columns,
      Optional<FormatChoice> keyFormat,
      List<Option> envelopeOptions,
      boolean wholeSource)
      implements Command {
    public CreateSink {
      // A node of an older version does not send them.
      cluster = Objects.requireNonNullElse(cluster, Optional.empty());
      headers = Objects.requireNonNullElse(headers, Optional.empty());
      columns = Objects.requireNonNullElse(columns, Optional.empty());
      keyFormat = Objects.requireNonNullElse(keyFormat, Optional.empty());
      envelopeOptions = Objects.requireNonNullElse(envelopeOptions, List.of());
    }

    /** The same with other options in the parentheses after the connection. */
    public CreateSink withConnectionOptions(List<Option> other) {
      return with(other, key, format, keyFormat);
    }

    /** The same with another key. */
    public CreateSink withKey(List<Name> other) {
      return with(connectionOptions, other, format, keyFormat);
    }

    /** The same with other formats. */
    public CreateSink withFormats(Optional<FormatChoice> value, Optional<FormatChoice> keys) {
      return with(connectionOptions, key, value, keys);
    }

    private CreateSink with(
        List<Option> connectionOptions,
        List<Name> key,
        Optional<FormatChoice> format,
        Optional<FormatChoice> keyFormat) {
      return new CreateSink(
          name,
          ifNotExists,
          from,
          connection,
          connectionOptions,
          key,
          notEnforced,
          format,
          envelope,
          with,
          cluster,
          headers,
          columns,
          keyFormat,
          envelopeOptions,
          wholeSource);
    }
  }

  /** {@code OMIT COLUMNS (…)}, or {@code INCLUDE COLUMNS (…)}. */
  record ColumnsChoice(boolean omit, List<Name> names) {}

  /**
   * @param registry the connection after USING CONFLUENT SCHEMA REGISTRY CONNECTION
   */
  record FormatChoice(Name name, Optional<Name> registry, List<Option> options) {
    public FormatChoice(Name name, List<Option> options) {
      this(name, Optional.empty(), options);
    }
  }

  /** What has a name, besides sinks. */
  enum Kind {
    SECRET,
    CONNECTION,
    SOURCE
  }

  record Drop(Kind kind, Name name, boolean ifExists, boolean cascade) implements Command {}

  record Rename(Kind kind, Name name, boolean ifExists, String newName) implements Command {}

  record AlterSecret(Name name, boolean ifExists, Plaintext value) implements Command {}

  /**
   * SET, DROP and RESET of a connection's options, all or none.
   *
   * @param reset options that go back to their defaults, without values: DROP and RESET mean the
   *     same
   * @param with as of CREATE CONNECTION
   */
  record AlterConnection(
      Name name, boolean ifExists, List<Option> set, List<Option> reset, List<Option> with)
      implements Command {
    public AlterConnection {
      set = List.copyOf(set);
      reset = List.copyOf(reset);
      with = List.copyOf(with);
    }
  }

  /** The tunnel's second key pair becomes its first, and a new one its second. */
  record RotateKeys(Name name, boolean ifExists) implements Command {}

  record AlterSink(Name name, boolean ifExists, SinkChange change) implements Command {}

  /** What ALTER SINK can change in a definition. */
  sealed interface SinkChange {
    record RenameTo(String newName) implements SinkChange {}

    /** {@code SET (option = value, …)}. */
    record SetOptions(List<Option> options) implements SinkChange {}

    /** {@code RESET (option, …)}. */
    record ResetOptions(List<Option> options) implements SinkChange {}

    /** {@code SET FROM relation WITH (DIFF)}. */
    record SetFrom(List<Name> from, List<Option> with) implements SinkChange {}
  }

  /**
   * COMMENT ON.
   *
   * @param text empty for NULL: the comment goes
   */
  record CommentOn(Commented on, Optional<String> text) implements Command {}

  /** What a comment is on. */
  sealed interface Commented {
    record Object(Kind kind, Name name) implements Commented {}

    record Sink(Name name) implements Commented {}

    /**
     * @param path the relation's names, as in FROM, then the column's
     */
    record Column(List<Name> path) implements Commented {
      public Column {
        path = List.copyOf(path);
      }
    }
  }

  record PauseSink(Name name, boolean ifExists) implements Command {}

  record ResumeSink(Name name, boolean ifExists) implements Command {}

  record ResnapshotSink(Name name, boolean ifExists) implements Command {}

  /**
   * Sinks of the node go elsewhere, then it leaves the cluster and ends.
   *
   * @param node its address, host:port
   */
  record DrainNode(String node) implements Command {}

  /**
   * @param node address of the one it shall run on, host:port
   */
  record MoveSink(Name name, String node) implements Command {}

  record DropSink(Name name, boolean ifExists, boolean cascade) implements Command {}

  record ValidateConnection(Name name) implements Command {}

  record CreateRole(Name name, RoleAttributes attributes) implements Command {}

  record AlterRole(Name name, RoleAttributes attributes) implements Command {}

  record DropRole(List<Name> names, boolean ifExists) implements Command {
    public DropRole {
      names = List.copyOf(names);
    }
  }

  /**
   * @param login,superuser empty where the statement says nothing
   */
  record RoleAttributes(
      Optional<Boolean> login, Optional<Boolean> superuser, PasswordChange password) {}

  /** What becomes of a role's password. */
  sealed interface PasswordChange {
    record Keep() implements PasswordChange {}

    /** PASSWORD NULL. */
    record Remove() implements PasswordChange {}

    /**
     * @param password in clear, or already a verifier in PostgreSQL's form
     */
    record To(Plaintext password) implements PasswordChange {}
  }

  record Grant(Privilege privilege, Granted on, List<Name> roles) implements Command {
    public Grant {
      roles = List.copyOf(roles);
    }
  }

  record Revoke(Privilege privilege, Granted on, List<Name> roles) implements Command {
    public Revoke {
      roles = List.copyOf(roles);
    }
  }

  /** What can be granted: USAGE of a secret, connection or source, CREATE in the schema. */
  enum Privilege {
    USAGE,
    CREATE
  }

  /** On what. */
  sealed interface Granted {
    record Objects(Kind kind, List<Name> names) implements Granted {
      public Objects {
        names = List.copyOf(names);
      }
    }

    record Schema(Name name) implements Granted {}
  }

  /** ALTER … OWNER TO. */
  record ChangeOwner(Owned kind, Name name, boolean ifExists, Name role) implements Command {}

  /** What has an owner. */
  enum Owned {
    SECRET,
    CONNECTION,
    SOURCE,
    SINK
  }

  /** SHOW ROLES. */
  record ShowRoles() implements Question {}

  /** SHOW PRIVILEGES: what is granted to whom. */
  record ShowPrivileges() implements Question {}

  /** SHOW SECRETS, CONNECTIONS, SOURCES. */
  record Show(Kind kind) implements Question {}

  /** SHOW SINKS. */
  record ListSinks() implements Question {}

  /** What is still owed to other systems after a DROP. */
  record ShowDebts() implements Question {}

  /** SHOW COMMENTS. */
  record ShowComments() implements Question {}

  /**
   * @param redacted without what tells of people or data, so that it can be sent to others
   */
  record ShowCreate(Kind kind, Name name, boolean redacted) implements Question {}

  /**
   * @param redacted as of {@link ShowCreate}
   */
  record ShowCreateSink(Name name, boolean redacted) implements Question {}

  /**
   * EXPLAIN KEY SCHEMA, EXPLAIN VALUE SCHEMA.
   *
   * @param sink without a name unless one was given
   */
  record ExplainSchema(boolean key, CreateSink sink) implements Question {}

  /** SHOW RIGHTS FOR SINK: what other systems must allow it, as commands. */
  record ShowRights(Name name) implements Question {}

  record DescribeSink(Name name) implements Question {}

  record VerifySink(Name name) implements Question {}

  /** A query over the catalog's relations, as its words: SELECT, WITH, VALUES or TABLE. */
  record Select(List<Word> words) implements Question {
    public Select {
      words = List.copyOf(words);
    }
  }

  /**
   * Those rows of a list that a condition over its columns holds for.
   *
   * @param condition as it would stand behind WHERE
   */
  record Narrowed(Question list, List<Word> condition) implements Question {
    public Narrowed {
      condition = List.copyOf(condition);
    }
  }

  /**
   * @param text what it means: without quotes, names folded
   */
  record Word(WordKind kind, String text, int position) {
    /** Whether this is the keyword or unquoted name, given in lower case. */
    public boolean is(String name) {
      return kind == WordKind.NAME && text.equals(name);
    }

    public boolean isSymbol(String symbol) {
      return kind == WordKind.SYMBOL && text.equals(symbol);
    }
  }

  /** What a {@link Word} is. */
  enum WordKind {
    NAME,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL
  }
}
