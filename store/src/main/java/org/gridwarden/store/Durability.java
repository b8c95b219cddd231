package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** What a database must promise before its commits count as durable (C38). */
final class Durability {
  private static final int OLDEST = 160_000;
  private static final Set<String> SYNCHRONOUS =
      Set.of("on", "local", "remote_write", "remote_apply");

  private Durability() {}

  /**
   * Asks the running server.
   *
   * @throws StoreException naming the setting and what it must be
   */
  static void verify(Connection c, boolean withoutChecksums) throws SQLException {
    require(c, "fsync", "on".equals(show(c, "fsync")), "on");
    require(c, "synchronous_commit", SYNCHRONOUS.contains(show(c, "synchronous_commit")), "on");
    require(c, "full_page_writes", "on".equals(show(c, "full_page_writes")), "on");
    if (!withoutChecksums) {
      require(
          c,
          "data_checksums",
          "on".equals(show(c, "data_checksums")),
          "on (pg_checksums --enable while it is stopped), or accepted as off by"
              + " database.withoutChecksums");
    }
    int version = Integer.parseInt(show(c, "server_version_num"));
    require(c, "server_version_num", version >= OLDEST, "at least " + OLDEST);
  }

  static String show(Connection c, String setting) throws SQLException {
    try (var s = c.createStatement();
        var r = s.executeQuery("SHOW " + setting)) {
      r.next();
      return r.getString(1);
    }
  }

  private static void require(Connection c, String setting, boolean fine, String wanted)
      throws SQLException {
    if (!fine) {
      throw StoreException.at(
          "database setting " + setting,
          "it is "
              + show(c, setting)
              + " and must be "
              + wanted
              + ": acknowledged readings could be lost");
    }
  }
}
