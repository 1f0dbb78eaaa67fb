package akkasinks.testing;

import akkasinks.testing.RealPostgres.Database;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * Sets a server's next transaction id, as {@code pg_resetwal --next-transaction-id --epoch} does,
 * which the embedded binaries lack: in the checkpoint that a clean shutdown has written, both in
 * the WAL and in the control file.
 *
 * <p>The server must run with {@code autovacuum = off}: what it freezes by itself it would measure
 * against tables that have not followed.
 */
public final class NextXid {
  private static final int PAGE = 8192;
  private static final int XIDS_PER_SEGMENT = 32 * 4 * PAGE;
  private static final int SEGMENT_BYTES = 32 * PAGE;

  /** In pg_control: where the checkpoint's record is, and a copy of what it says. */
  private static final int CONTROL_LSN = 32;

  private static final int CONTROL_COPY = 40;
  private static final int CONTROL_BYTES = 512;

  /** A WAL record's header, and in it the checksum; the data follow after two bytes. */
  private static final int HEADER = 24;

  private static final int HEADER_CRC = 20;

  /** In a checkpoint; the same in every version since 14. */
  private static final int TIMELINE = 8;

  private static final int NEXT_XID = 24;
  private static final int OLDEST_XID = 44;
  private static final int CHECKPOINT_BYTES = 88;

  private NextXid() {}

  /** The 64-bit id that the next transaction of the server will get. */
  public static long of(RealPostgres postgres) throws SQLException {
    return Long.parseLong(
        String.valueOf(
            postgres.admin().value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")));
  }

  /** Restarts the server with that next id. Drops its slots and prepared transactions. */
  public static void set(RealPostgres postgres, long next) throws SQLException, IOException {
    if ((int) next >= 0 && (int) next < 3) {
      throw new IllegalArgumentException("not a normal transaction id: " + next);
    }
    freeze(postgres);
    postgres.stop();
    while (!patch(postgres.dataDir(), next)) {
      // The record lies across two pages: the next one does not.
      postgres.up();
      postgres.stop();
    }
    postgres.up();
    // Else each table's own horizon stays where it was, ahead of the new ids.
    vacuum(postgres.admin());
    if (of(postgres) < next) {
      throw new IllegalStateException("the server did not take the transaction id");
    }
  }

  /** No row may bear an id any more: each would seem to come from the future. */
  private static void freeze(RealPostgres postgres) throws SQLException {
    var admin = postgres.admin();
    if ("f".equals(admin.value("SELECT bool_and(datallowconn) FROM pg_database"))) {
      admin.execute("ALTER DATABASE template0 ALLOW_CONNECTIONS true");
    }
    for (var slot : admin.query("SELECT slot_name FROM pg_replication_slots")) {
      admin.execute("SELECT pg_drop_replication_slot('" + slot.getFirst() + "')");
    }
    for (var left :
        admin.query("SELECT database, quote_literal(gid) FROM pg_prepared_xacts ORDER BY 1")) {
      in(admin, String.valueOf(left.getFirst())).execute("ROLLBACK PREPARED " + left.getLast());
    }
    vacuum(admin);
  }

  private static void vacuum(Database admin) throws SQLException {
    for (var name : admin.query("SELECT datname FROM pg_database")) {
      in(admin, String.valueOf(name.getFirst())).execute("VACUUM FREEZE");
    }
  }

  private static Database in(Database admin, String name) {
    return new Database(admin.host(), admin.port(), admin.user(), admin.password(), name);
  }

  private static boolean patch(Path data, long next) throws IOException {
    var controlFile = data.resolve("global/pg_control");
    var control = little(Files.readAllBytes(controlFile));
    int controlCrc = controlCrc(control);
    long lsn = control.getLong(CONTROL_LSN);
    var walFile = wal(data, control.getInt(CONTROL_COPY + TIMELINE), lsn);
    var wal = little(Files.readAllBytes(walFile));
    int at = (int) (lsn % wal.capacity());
    if (at % PAGE + HEADER + 2 + CHECKPOINT_BYTES > PAGE) {
      return false;
    }
    int length = wal.getInt(at);
    int crc = recordCrc(wal, at, length);
    if (crc != wal.getInt(at + HEADER_CRC) || length != HEADER + 2 + CHECKPOINT_BYTES) {
      throw new IllegalStateException("no checkpoint's record at " + Long.toHexString(lsn));
    }
    for (var checkpoint :
        new ByteBuffer[] {
          slice(wal, at + HEADER + 2, CHECKPOINT_BYTES),
          slice(control, CONTROL_COPY, CHECKPOINT_BYTES)
        }) {
      checkpoint.putLong(NEXT_XID, next).putInt(OLDEST_XID, (int) next);
    }
    wal.putInt(at + HEADER_CRC, recordCrc(wal, at, length));
    control.putInt(controlCrc, crc(control, 0, controlCrc));
    Files.write(walFile, wal.array());
    Files.write(controlFile, control.array());
    // The status of the ids to come, none of them used.
    Files.write(
        data.resolve("pg_xact/%04X".formatted((next & 0xFFFFFFFFL) / XIDS_PER_SEGMENT)),
        new byte[SEGMENT_BYTES]);
    return true;
  }

  private static Path wal(Path data, int timeline, long lsn) throws IOException {
    var dir = data.resolve("pg_wal");
    for (long size = 1 << 20; size <= 1 << 30; size *= 2) {
      long segment = lsn / size;
      long perId = (1L << 32) / size;
      var file = dir.resolve("%08X%08X%08X".formatted(timeline, segment / perId, segment % perId));
      if (Files.exists(file) && Files.size(file) == size) {
        return file;
      }
    }
    throw new IllegalStateException("no WAL file holds " + Long.toHexString(lsn));
  }

  /** The control file's own checksum is its last field, whose place depends on the version. */
  private static int controlCrc(ByteBuffer control) {
    for (int at = CONTROL_COPY + CHECKPOINT_BYTES; at < CONTROL_BYTES; at += 4) {
      if (control.getInt(at) == crc(control, 0, at)) {
        return at;
      }
    }
    throw new IllegalStateException("no checksum in the control file");
  }

  private static int recordCrc(ByteBuffer wal, int at, int length) {
    var crc = new CRC32C();
    crc.update(wal.array(), at + HEADER, length - HEADER);
    crc.update(wal.array(), at, HEADER_CRC);
    return (int) crc.getValue();
  }

  private static int crc(ByteBuffer bytes, int from, int to) {
    var crc = new CRC32C();
    crc.update(bytes.array(), from, to - from);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer slice(ByteBuffer bytes, int from, int length) {
    return bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
