package akkasinks.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a shop's day does to its database: orders with their lines come in one transaction each,
 * move on, and are deleted; customers move house. One thread, one connection, a steady rate.
 */
public final class Traffic implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(4);
  private static final long KEPT = 300;

  private final Shop shop;
  private final RandomGenerator random;
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final Thread thread = new Thread(this::run, "traffic");
  private volatile boolean stopping;
  private volatile @Nullable SQLException failure;
  private long newest = Shop.ORDERS;
  private long oldest = Shop.ORDERS;

  private Traffic(Shop shop, RandomGenerator random) {
    this.shop = shop;
    this.random = random;
    thread.setDaemon(true);
  }

  public static Traffic start(Shop shop, RandomGenerator random) {
    Traffic traffic = new Traffic(shop, random);
    traffic.thread.start();
    return traffic;
  }

  public long transactions() {
    return transactions.get();
  }

  /** Rows inserted, updated or deleted. */
  public long rows() {
    return rows.get();
  }

  /** Ends after the transaction under way. */
  @Override
  public void close() throws SQLException {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SQLException broken = failure;
    if (broken != null) {
      throw broken;
    }
  }

  private void run() {
    try (Connection connection = shop.connect()) {
      connection.setAutoCommit(false);
      while (!stopping) {
        transaction(connection);
        connection.commit();
        transactions.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private void transaction(Connection connection) throws SQLException {
    int kind = random.nextInt(100);
    if (kind < 40) {
      order(connection);
    } else if (kind < 70) {
      execute(
          connection,
          "UPDATE orders SET status = (ARRAY['paid', 'sent', 'closed'])[?], total = total + 1"
              + " WHERE id = ?",
          1 + random.nextInt(3),
          1 + random.nextLong(newest));
    } else if (kind < 85) {
      execute(
          connection,
          "UPDATE customers SET city = ?, vip = NOT vip WHERE id = ?",
          "Town " + random.nextInt(500),
          1 + random.nextInt(Shop.CUSTOMERS));
    } else if (kind < 95) {
      forget(connection);
    } else {
      // A transaction with many rows: a sale on the products of some orders.
      long from = 1 + random.nextLong(Shop.ORDERS);
      execute(
          connection,
          "UPDATE order_lines SET price = round(price * 0.9, 2) WHERE order_id BETWEEN ? AND ?",
          from,
          from + 20);
    }
  }

  private void order(Connection connection) throws SQLException {
    long id = ++newest;
    execute(
        connection,
        "INSERT INTO orders VALUES (?, ?, 'new', ?, now(), NULL)",
        id,
        1 + random.nextInt(Shop.CUSTOMERS),
        java.math.BigDecimal.valueOf(random.nextInt(100_000), 2));
    for (int line = 1 + random.nextInt(5); line > 0; line--) {
      execute(
          connection,
          "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)",
          id,
          line,
          "Product " + random.nextInt(900),
          1 + random.nextInt(5),
          java.math.BigDecimal.valueOf(random.nextInt(10_000), 2));
    }
  }

  /** Deletes the oldest order of those that came in here, once there are enough. */
  private void forget(Connection connection) throws SQLException {
    if (newest - oldest > KEPT) {
      long id = ++oldest;
      execute(connection, "DELETE FROM order_lines WHERE order_id = ?", id);
      execute(connection, "DELETE FROM orders WHERE id = ?", id);
    } else {
      order(connection);
    }
  }

  private void execute(Connection connection, String sql, Object... values) throws SQLException {
    // The driver keeps the statement prepared.
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      rows.addAndGet(statement.executeUpdate());
    }
  }
}
