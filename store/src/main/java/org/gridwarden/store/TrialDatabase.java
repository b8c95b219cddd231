package org.gridwarden.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts the database of a folder for a look, without the office: no migration, no counter that
 * moves. The folder is a copy that is thrown away afterwards.
 */
public final class TrialDatabase {
  private TrialDatabase() {}

  /**
   * Starts it, reads every row of every table of the office, and stops it.
   *
   * @return how many rows each table has, by name
   * @throws StoreException where it does not start, or a table cannot be read
   */
  public static Map<String, Long> count(Path data) {
    DataFolder held = DataFolder.hold(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0);
        Connection c =
            EmbeddedPostgres.administrator(
                new PostgresFolder(data.resolve("postgresql")),
                postgres.port(),
                EmbeddedPostgres.DATABASE);
        Statement s = c.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet r =
          s.executeQuery(
              "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n"
                  + " ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND NOT c.relispartition"
                  + " AND c.relkind IN ('r', 'p') ORDER BY 1")) {
        while (r.next()) {
          tables.add(r.getString(1));
        }
      }
      Map<String, Long> rows = new LinkedHashMap<>();
      for (String table : tables) {
        try (ResultSet r = s.executeQuery("SELECT count(*) FROM " + table)) { // as regclass quotes
          r.next();
          rows.put(table, r.getLong(1));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw StoreException.of("counting what was backed up", e);
    } finally {
      held.close();
    }
  }
}
