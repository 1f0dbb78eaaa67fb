package akkasinks.cli.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The shop's database: customers, their orders, and the lines of each order.
 *
 * @param url of the database as the shop's own role, without a password: the demo's server asks for
 *     none
 */
public record Shop(String url) {
  public static final int CUSTOMERS = 20_000;
  public static final int ORDERS = 100_000;
  public static final int LINES_PER_ORDER = 3;

  /** Role, database and password of {@code hocon/shop.sql}. */
  public static final String NAME = "shop";

  /**
   * Updates log the whole old row: ENVELOPE DEBEZIUM shows it, and texts too long for a page are
   * else left out of an update that does not touch them.
   */
  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE customers (
              id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text,
              since date NOT NULL, vip boolean NOT NULL DEFAULT false)
          """,
          """
          CREATE TABLE orders (
              id bigint PRIMARY KEY, customer_id integer NOT NULL, status text NOT NULL,
              total numeric(10,2) NOT NULL, placed_at timestamptz NOT NULL, note jsonb)
          """,
          """
          CREATE TABLE order_lines (
              order_id bigint, line integer, product text NOT NULL, quantity integer NOT NULL,
              price numeric(8,2) NOT NULL, PRIMARY KEY (order_id, line))
          """,
          "ALTER TABLE customers REPLICA IDENTITY FULL",
          "ALTER TABLE orders REPLICA IDENTITY FULL",
          "ALTER TABLE order_lines REPLICA IDENTITY FULL",
          "CREATE PUBLICATION akkasinks FOR TABLE customers, orders, order_lines");

  private static final List<String> ROWS =
      List.of(
          """
          INSERT INTO customers
          SELECT i, 'Customer ' || i, 'customer' || i || '@example.com',
              (ARRAY['Lisbon', 'Oslo', 'Quito', 'Nairobi', 'Osaka', NULL])[1 + i %% 6],
              date '2015-01-01' + i %% 4000, i %% 50 = 0
          FROM generate_series(1, %d) i
          """
              .formatted(CUSTOMERS),
          """
          INSERT INTO orders
          SELECT i, 1 + i * 7919 %% %d, (ARRAY['new', 'paid', 'sent', 'closed'])[1 + i %% 4],
              (i * 37 %% 100000) / 100.0, timestamptz '2026-01-01 UTC' + i * interval '3 minutes',
              CASE WHEN i %% 10 = 0 THEN jsonb_build_object('gift', true, 'text', 'For you, #' || i)
              END
          FROM generate_series(1::bigint, %d) i
          """
              .formatted(CUSTOMERS, ORDERS),
          """
          INSERT INTO order_lines
          SELECT o, l, 'Product ' || (o * 31 + l * 7) %% 900, 1 + (o + l) %% 5,
              (o * 13 + l * 101) %% 10000 / 100.0
          FROM generate_series(1::bigint, %d) o, generate_series(1, %d) l
          """
              .formatted(ORDERS, LINES_PER_ORDER),
          "ANALYZE");

  /**
   * Makes the role, the database and its tables with all their rows.
   *
   * @param admin a superuser's connection to any database of the server
   */
  public static Shop create(String admin, int port) throws SQLException {
    try (Connection connection = DriverManager.getConnection(admin);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE shop LOGIN REPLICATION PASSWORD 'shop'");
      statement.execute("CREATE DATABASE shop OWNER shop");
    }
    Shop shop = new Shop("jdbc:postgresql://127.0.0.1:" + port + "/" + NAME + "?user=" + NAME);
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
      for (String sql : ROWS) {
        statement.execute(sql);
      }
    }
    return shop;
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }
}
