package akkasinks.partition.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Arithmetic and casts between numbers, with PostgreSQL's ranges and roundings. */
final class Numbers {
  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
  private static final double MOST_UNSIGNED = 0x1p64;

  private Numbers() {}

  /** The kind that both are turned into before they are added or compared. */
  static Kind common(Typed a, Typed b) {
    Kind x = a.kind();
    Kind y = b.kind();
    if (x == y || y == Kind.NULL) {
      return x;
    }
    if (x == Kind.NULL) {
      return y;
    }
    if (x == Kind.FLOAT8 || y == Kind.FLOAT8) {
      return Kind.FLOAT8;
    }
    if (x == Kind.NUMERIC || y == Kind.NUMERIC) {
      return Kind.NUMERIC;
    }
    if (unsigned(x) && b.wholeLiteral()) {
      return x;
    }
    if (unsigned(y) && a.wholeLiteral()) {
      return y;
    }
    if (unsigned(x) && unsigned(y)) {
      return Kind.UINT8;
    }
    if (x == Kind.UINT8 || y == Kind.UINT8) {
      return Kind.NUMERIC;
    }
    if (x == Kind.UINT4 || y == Kind.UINT4) {
      return Kind.INT8;
    }
    return x.compareTo(y) > 0 ? x : y;
  }

  private static boolean unsigned(Kind kind) {
    return kind == Kind.UINT4 || kind == Kind.UINT8;
  }

  /** A number of one kind as another. */
  static Object cast(Object value, Kind from, Kind to) {
    if (from == to) {
      return value;
    }
    return switch (to) {
      case NUMERIC -> decimal(value, from);
      case FLOAT8 -> decimalOrDouble(value, from);
      case INT2 -> within(whole(value, from), Short.MIN_VALUE, Short.MAX_VALUE);
      case INT4 -> within(whole(value, from), Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT8 -> whole(value, from);
      case UINT4 -> within(whole(value, from), 0, 0xFFFF_FFFFL);
      case UINT8 -> unsigned(value, from);
      case NULL, BOOL, TEXT, BYTEA, OTHER -> throw new IllegalArgumentException(to.type());
    };
  }

  private static Long within(long value, long min, long max) {
    if (value < min || value > max) {
      throw NoValue.HERE;
    }
    return value;
  }

  private static long whole(Object value, Kind from) {
    if (value instanceof Long number) {
      if (from == Kind.UINT8 && number < 0) {
        throw NoValue.HERE;
      }
      return number;
    }
    BigInteger rounded = rounded(value);
    if (rounded.bitLength() > 63) {
      throw NoValue.HERE;
    }
    return rounded.longValue();
  }

  /** The 64 bits of an unsigned number. */
  static long unsigned(Object value, Kind from) {
    if (value instanceof Long number) {
      if (from != Kind.UINT8 && number < 0) {
        throw NoValue.HERE;
      }
      return number;
    }
    BigInteger rounded = rounded(value);
    if (rounded.signum() < 0 || rounded.bitLength() > 64) {
      throw NoValue.HERE;
    }
    return rounded.longValue();
  }

  /** A numeric's half goes away from zero, a float's to the even number. */
  private static BigInteger rounded(Object value) {
    if (value instanceof Double number) {
      if (!(Math.abs(number) < MOST_UNSIGNED)) {
        throw NoValue.HERE;
      }
      return new BigDecimal(Math.rint(number)).toBigInteger();
    }
    return ((BigDecimal) value).setScale(0, RoundingMode.HALF_UP).toBigInteger();
  }

  private static BigDecimal decimal(Object value, Kind from) {
    return switch (value) {
      case Long number ->
          from == Kind.UINT8 ? new BigDecimal(big(number)) : BigDecimal.valueOf(number);
      case Double number -> {
        if (!Double.isFinite(number)) {
          throw NoValue.HERE;
        }
        yield BigDecimal.valueOf(number);
      }
      default -> (BigDecimal) value;
    };
  }

  private static Double decimalOrDouble(Object value, Kind from) {
    return value instanceof Double number ? number : decimal(value, from).doubleValue();
  }

  private static BigInteger big(long unsigned) {
    BigInteger number = BigInteger.valueOf(unsigned);
    return unsigned < 0 ? number.add(TWO_64) : number;
  }

  /** Both of {@code kind}. */
  static Object arithmetic(char operator, Object a, Object b, Kind kind) {
    return switch (kind) {
      case INT2, INT4, INT8, UINT4 -> cast(whole(operator, (Long) a, (Long) b), Kind.INT8, kind);
      case UINT8 -> unsigned(operator, (Long) a, (Long) b);
      case NUMERIC -> numeric(operator, (BigDecimal) a, (BigDecimal) b);
      case FLOAT8 -> floating(operator, (Double) a, (Double) b);
      case NULL, BOOL, TEXT, BYTEA, OTHER -> throw new IllegalArgumentException(kind.type());
    };
  }

  private static Long whole(char operator, long a, long b) {
    if ((operator == '/' || operator == '%') && b == 0) {
      throw NoValue.HERE;
    }
    long result =
        switch (operator) {
          case '+' -> a + b;
          case '-' -> a - b;
          case '*' -> a * b;
          case '/' -> a / b;
          default -> b == -1 ? 0 : a % b;
        };
    boolean overflow =
        switch (operator) {
          case '+' -> ((a ^ result) & (b ^ result)) < 0;
          case '-' -> ((a ^ b) & (a ^ result)) < 0;
          case '*' -> Math.multiplyHigh(a, b) != result >> 63;
          case '/' -> a == Long.MIN_VALUE && b == -1;
          default -> false;
        };
    if (overflow) {
      throw NoValue.HERE;
    }
    return result;
  }

  private static Long unsigned(char operator, long a, long b) {
    if ((operator == '/' || operator == '%') && b == 0) {
      throw NoValue.HERE;
    }
    return switch (operator) {
      case '/' -> Long.divideUnsigned(a, b);
      case '%' -> Long.remainderUnsigned(a, b);
      default -> {
        BigInteger result =
            switch (operator) {
              case '+' -> big(a).add(big(b));
              case '-' -> big(a).subtract(big(b));
              default -> big(a).multiply(big(b));
            };
        if (result.signum() < 0 || result.bitLength() > 64) {
          throw NoValue.HERE;
        }
        yield result.longValue();
      }
    };
  }

  private static BigDecimal numeric(char operator, BigDecimal a, BigDecimal b) {
    if ((operator == '/' || operator == '%') && b.signum() == 0) {
      throw NoValue.HERE;
    }
    return switch (operator) {
      case '+' -> a.add(b);
      case '-' -> a.subtract(b);
      case '*' -> a.multiply(b, MathContext.DECIMAL128);
      case '/' -> a.divide(b, MathContext.DECIMAL128);
      default -> a.remainder(b);
    };
  }

  private static Double floating(char operator, double a, double b) {
    if ((operator == '/' || operator == '%') && b == 0) {
      throw NoValue.HERE;
    }
    return switch (operator) {
      case '+' -> a + b;
      case '-' -> a - b;
      case '*' -> a * b;
      case '/' -> a / b;
      default -> a % b;
    };
  }

  /** Both of {@code kind}. */
  static int compare(Object a, Object b, Kind kind) {
    return switch (kind) {
      case UINT8 -> Long.compareUnsigned((Long) a, (Long) b);
      case INT2, INT4, INT8, UINT4 -> Long.compare((Long) a, (Long) b);
      case NUMERIC -> ((BigDecimal) a).compareTo((BigDecimal) b);
      case FLOAT8 -> Double.compare((Double) a, (Double) b);
      case BOOL -> Boolean.compare((Boolean) a, (Boolean) b);
      case TEXT, BYTEA -> ((Slice) a).compareTo((Slice) b);
      case NULL, OTHER -> throw new IllegalArgumentException(kind.type());
    };
  }

  static String text(Object number, Kind kind) {
    return switch (number) {
      case Long whole -> kind == Kind.UINT8 ? Long.toUnsignedString(whole) : whole.toString();
      case BigDecimal decimal -> decimal.toPlainString();
      default -> throw NoValue.HERE;
    };
  }
}
