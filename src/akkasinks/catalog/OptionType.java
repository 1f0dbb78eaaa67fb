package akkasinks.catalog;

import java.util.List;

/** What an option's value may be. */
public sealed interface OptionType {

  /** As the reference names it. */
  String described();

  record Text() implements OptionType {
    @Override
    public String described() {
      return "text";
    }
  }

  /**
   * A whole number.
   *
   * @param outside what is said, after the option's name, of a number that is too small or large
   */
  record Whole(int min, int max, String outside) implements OptionType {
    @Override
    public String described() {
      return "number";
    }
  }

  record Bool() implements OptionType {
    @Override
    public String described() {
      return "boolean";
    }
  }

  /**
   * One of some words, in any case.
   *
   * @param words in the case that they are kept in
   */
  record OneOf(List<String> words) implements OptionType {
    public OneOf {
      words = List.copyOf(words);
    }

    @Override
    public String described() {
      return String.join(", ", words);
    }
  }

  /** A time span, such as {@code '500 milliseconds'}. */
  record Interval() implements OptionType {
    @Override
    public String described() {
      return "interval";
    }
  }

  /** A number of bytes, such as {@code '10GiB'}. */
  record Size() implements OptionType {
    @Override
    public String described() {
      return "size";
    }
  }

  /** {@code ('a', 'b')}. */
  record Texts() implements OptionType {
    @Override
    public String described() {
      return "list of texts";
    }
  }

  /** Whole numbers of 64 bits: {@code (0, 17)}, or one alone. */
  record Longs() implements OptionType {
    @Override
    public String described() {
      return "list of numbers";
    }
  }

  /** {@code MAP['k' => 'v']}. */
  record Entries() implements OptionType {
    @Override
    public String described() {
      return "map";
    }
  }

  /** {@code SECRET name}, or where the secret lies outside: {@code '${file:/path}'}. */
  record SecretOnly() implements OptionType {
    @Override
    public String described() {
      return "secret";
    }
  }

  /** The name of another connection. */
  record ConnectionName() implements OptionType {
    @Override
    public String described() {
      return "connection";
    }
  }

  record TextOrSecret() implements OptionType {
    @Override
    public String described() {
      return "text or secret";
    }
  }

  /** What {@code DOC ON} describes, and a text for it; may be given once for each object. */
  record Documented() implements OptionType {
    @Override
    public String described() {
      return "text";
    }
  }

  /** A scalar expression over the row. */
  record Formula() implements OptionType {
    @Override
    public String described() {
      return "expression";
    }
  }

  /** A client property's value: text, number or boolean, passed on as written. */
  record Property() implements OptionType {
    @Override
    public String described() {
      return "as Kafka has it";
    }
  }
}
