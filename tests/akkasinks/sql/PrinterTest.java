package akkasinks.sql;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.command.Command;
import akkasinks.command.Command.ColumnDeclaration;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateKafkaSource;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.FormatChoice;
import akkasinks.command.Command.Include;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.TableChoice;
import akkasinks.command.Command.TableRef;
import akkasinks.testing.Seeds;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrinterTest {
  @Test
  void printedStatementsAreReadAsTheSameCommand() {
    Seeds.forAll(
        2_000,
        random -> {
          Command command = command(random);
          String sql = print(command);
          Command read = Statements.parse(sql).getFirst().command();
          assertThat(withoutPlaces(read)).as(sql).isEqualTo(command);
          assertThat(print(read)).isEqualTo(sql);
        });
  }

  @Test
  void theCanonicalFormOfASinkIsTheOneInTheManual() {
    String sql =
        "CREATE SINK orders_sink FROM orders INTO KAFKA CONNECTION kafka (TOPIC = 'orders',"
            + " COMPRESSION TYPE = zstd) KEY (id) FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT ="
            + " FALSE)";
    assertThat(print(Statements.parse(sql).getFirst().command())).isEqualTo(sql);
  }

  private static String print(Command command) {
    return switch (command) {
      case CreateConnection c -> Printer.print(c);
      case CreateSource c -> Printer.print(c);
      case CreateKafkaSource c -> Printer.print(c);
      case CreateSink c -> Printer.print(c);
      default -> throw new AssertionError(command);
    };
  }

  private static Command command(Random random) {
    return switch (random.nextInt(4)) {
      case 0 ->
          new CreateConnection(
              name(random),
              random.nextBoolean(),
              Name.of(Seeds.oneOf(random, "kafka", "postgres", "confluent schema registry")),
              options(random),
              options(random));
      case 1 ->
          new CreateSource(
              name(random), random.nextBoolean(), name(random), options(random), tables(random));
      case 2 -> topic(random);
      default -> sink(random);
    };
  }

  private static CreateKafkaSource topic(Random random) {
    List<ColumnDeclaration> columns =
        Seeds.list(
            random,
            3,
            r ->
                new ColumnDeclaration(
                    name(r),
                    Name.of(Seeds.oneOf(r, "int8", "double precision", "text")),
                    r.nextBoolean()));
    return new CreateKafkaSource(
        name(random),
        random.nextBoolean(),
        columns,
        columns.isEmpty() ? List.of() : Seeds.list(random, 2, PrinterTest::name),
        name(random),
        options(random),
        random.nextBoolean()
            ? Optional.of(new FormatChoice(Name.of("text"), List.of()))
            : Optional.empty(),
        Optional.of(new FormatChoice(Name.of(Seeds.oneOf(random, "json", "csv")), options(random))),
        Seeds.list(
            random,
            2,
            r ->
                new Include(
                    Name.of(Seeds.oneOf(r, "key", "offset")),
                    r.nextBoolean() ? Optional.of(name(r)) : Optional.empty())),
        random.nextBoolean() ? Optional.of(Name.of("upsert")) : Optional.empty(),
        options(random));
  }

  private static CreateSink sink(Random random) {
    List<Name> key = Seeds.list(random, 3, PrinterTest::name);
    List<Name> from = Seeds.list(random, 3, PrinterTest::name);
    Optional<FormatChoice> format =
        random.nextBoolean() ? Optional.of(format(random)) : Optional.empty();
    Optional<Name> envelope = random.nextBoolean() ? Optional.of(name(random)) : Optional.empty();
    return new CreateSink(
        name(random),
        random.nextBoolean(),
        from.isEmpty() ? List.of(name(random)) : from,
        name(random),
        options(random),
        key,
        !key.isEmpty() && random.nextBoolean(),
        format,
        envelope,
        options(random),
        random.nextBoolean() ? Optional.of(name(random)) : Optional.empty(),
        random.nextBoolean() ? Optional.of(name(random)) : Optional.empty(),
        random.nextBoolean()
            ? Optional.of(
                new Command.ColumnsChoice(
                    random.nextBoolean(), List.of(name(random), name(random))))
            : Optional.empty(),
        format.isPresent() && random.nextBoolean() ? Optional.of(format(random)) : Optional.empty(),
        envelope.isPresent() ? options(random) : List.of(),
        from.size() == 1 && random.nextBoolean());
  }

  private static FormatChoice format(Random random) {
    return new FormatChoice(
        name(random),
        random.nextBoolean() ? Optional.of(name(random)) : Optional.empty(),
        options(random));
  }

  private static TableChoice tables(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> new TableChoice.AllTables();
      case 1 -> new TableChoice.InSchemas(List.of(name(random), name(random)));
      default ->
          new TableChoice.These(
              List.of(
                  new TableRef(
                      random.nextBoolean() ? Optional.of(name(random).text()) : Optional.empty(),
                      name(random).text(),
                      random.nextBoolean() ? Optional.of(name(random).text()) : Optional.empty(),
                      0)));
    };
  }

  private static Name name(Random random) {
    return Name.of(
        random.nextBoolean()
            ? Seeds.oneOf(random, "orders", "from", "key", "with", "Order", "a b", "é", "x1", "if")
            : "x" + Seeds.text(random, 12));
  }

  private static List<Option> options(Random random) {
    return Seeds.list(random, 4, r -> new Option(optionName(r), value(r), 0));
  }

  private static String optionName(Random random) {
    return Seeds.oneOf(
        random, "TOPIC", "COMPRESSION TYPE", "SECRET", "MAP", "SSL KEY", "linger.ms", "odd \"one");
  }

  private static OptionValue value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> new OptionValue.None();
      case 1 -> new OptionValue.SecretName(name(random).text());
      case 2 -> new OptionValue.Many(Seeds.list(random, 3, PrinterTest::literal));
      case 3 -> {
        Map<String, String> entries = new LinkedHashMap<>();
        Seeds.list(random, 3, r -> entries.put(Seeds.text(r, 9), Seeds.text(r, 9)));
        yield new OptionValue.Entries(entries);
      }
      default -> literal(random);
    };
  }

  private static OptionValue literal(Random random) {
    return random.nextBoolean()
        ? new OptionValue.Literal(Seeds.text(random, 20), true)
        : new OptionValue.Literal(
            Seeds.oneOf(random, "5", "-5", "1.25", "true", "false", "lz4", "drop slot"), false);
  }

  /** The same value with every position zero: places are no part of what a statement means. */
  private static Object withoutPlaces(Object value) throws ReflectiveOperationException {
    if (value instanceof List<?> list) {
      Object[] copy = list.toArray();
      for (int i = 0; i < copy.length; i++) {
        copy[i] = withoutPlaces(copy[i]);
      }
      return List.of(copy);
    }
    if (value instanceof Optional<?> optional && optional.isPresent()) {
      return Optional.of(withoutPlaces(optional.get()));
    }
    if (!(value instanceof Record)) {
      return value;
    }
    RecordComponent[] components = value.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          components[i].getName().equals("position")
              ? 0
              : withoutPlaces(components[i].getAccessor().invoke(value));
    }
    return value.getClass().getDeclaredConstructor(types).newInstance(values);
  }
}
